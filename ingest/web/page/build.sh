#!/bin/sh
# build.sh DIR - makes of the dashboard's sources what is embedded: DIR/web_assets.c,
# as web/assets.h says. With esbuild they are bundled and minified, without it each
# module is served by itself. With ECharts in build/npm (npm.sh brings it) there are
# charts, else tables in their place; what is missing is said.
cd "$(dirname "$0")" || exit 2
page=$PWD
[ $# -eq 1 ] || { sed -n '2,5s/^# //p' "$0"; exit 2; }
mkdir -p "../../../$1" && cd "../../../$1" || exit 2
npm=$OLDPWD/../../../build/npm/node_modules
rm -rf page && mkdir -p page/src page/out || exit 2
cp "$page"/*.js "$page"/*.css "$page"/*.svg page/src || exit 2

charts=
if ! command -v esbuild >/dev/null; then
	echo "  the page is built without charts: esbuild is missing (make deps)" >&2
elif ! [ -f "$npm/echarts/core.js" ]; then
	echo "  the page is built without charts: npm could not bring ECharts (make deps)" >&2
else
	charts=yes
fi
if [ -z "$charts" ]; then	# the kit is what the page draws charts with
	rm page/src/echarts.js
	sed 's/= () => import.*/= null;/' "$page/kit.js" >page/src/kit.js
fi
if command -v esbuild >/dev/null; then
	NODE_PATH=$npm esbuild page/src/app.js page/src/style.css page/src/icon.svg \
	    --bundle --minify --splitting --format=esm --target=es2020 --charset=utf8 \
	    --loader:.svg=copy --legal-comments=eof --entry-names='[name]-[hash]' \
	    --chunk-names='chart-[hash]' --outdir=page/out --log-level=warning || exit 1
else				# one hash for all: modules name each other
	hash=$(cat page/src/* | sha256sum | cut -c1-8)
	for f in page/src/*; do
		name=${f##*/}
		sed "s/\(['\"]\.\/[a-z_]*\)\.js'/\1-$hash.js'/" "$f" \
		    >"page/out/${name%.*}-$hash.${name##*.}"
	done
fi

cd page/out || exit 2
{
	echo '/* Made by ingest/web/page/build.sh. */'
	echo '#include "web/assets.h"'
	rows= n=0
	for f in *; do
		case $f in
		*.js) type=text/javascript ;;
		*.css) type=text/css ;;
		*.svg) type=image/svg+xml ;;
		esac
		gzip -9 -n -c "$f" >../packed
		echo "static const unsigned char asset_$n[] = {"
		od -An -v -t u1 ../packed | sed 's/[0-9][0-9]*/&,/g'
		echo '};'
		rows="$rows	{ \"$f\", \"$type; charset=utf-8\",
	    \"\\\"$(sha256sum <"$f" | cut -c1-16)\\\"\", asset_$n, sizeof(asset_$n), true },
"
		n=$((n + 1))
	done
	printf 'const struct web_asset web_assets[] = {\n%s	{ .path = NULL }\n};\n' "$rows"
	printf 'const char web_assets_head[] =\n%s\n%s\n%s;\n' \
	    "    \"<link rel=\\\"icon\\\" href=\\\"/assets/$(echo icon-*.svg)\\\">\\n\"" \
	    "    \"<link rel=\\\"stylesheet\\\" media=\\\"not all\\\" href=\\\"/assets/$(echo style-*.css)\\\">\\n\"" \
	    "    \"<script type=\\\"module\\\" src=\\\"/assets/$(echo app-*.js)\\\"></script>\\n\""
} >../../web_assets.c.new && mv ../../web_assets.c.new ../../web_assets.c
total=$(for f in *; do gzip -9 -n -c "$f"; done | wc -c)
echo "  the page: $(((total + 512) / 1024)) KB gzipped${charts:+ with its charts}" >&2
[ "$total" -le 409600 ] || { echo "  that is more than 400 KB" >&2; exit 1; }
