/* SPDX-License-Identifier: Apache-2.0 */
/* style.c - the stylesheet of page.c: light and dark, from 320 pixels up. */
#include "web/page.h"

static const char *const style[] = {
	":root{color-scheme:light dark;--back:#fbfaf8;--card:#fff;--ink:#1d2430;"
	"--soft:#667085;--line:#e6e3dd;--link:#0b63c5;--c:#2f6fde;--p:#1f9d6b;"
	"--r:#c77d0a;--bad:#b42318;--badback:#fef1ef;--note:#7a4d00;--noteback:#fff4d6}",
	"@media (prefers-color-scheme:dark){:root{--back:#11151c;--card:#181d26;"
	"--ink:#e4e8ef;--soft:#94a0b3;--line:#2a313d;--link:#7db3ff;--c:#5b93f5;"
	"--p:#3cc48c;--r:#e0a03c;--bad:#ff8f85;--badback:#36191a;--note:#ffd98a;"
	"--noteback:#33280f}}",
	"*{box-sizing:border-box}",
	"body{margin:0 auto;padding:0 1.25rem 2rem;max-width:66rem;"
	    "background:var(--back);"
	"color:var(--ink);font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,"
	"\"Noto Sans\",sans-serif}",
	"a{color:var(--link)}code{font-size:.9em}",
	".notice{margin:0 -1.25rem;padding:.5rem 1.25rem;background:var(--noteback);"
	"color:var(--note);font-weight:600;text-align:center}",
	"header{display:flex;flex-wrap:wrap;gap:.75rem 2rem;align-items:center;"
	"justify-content:space-between;padding:1.5rem 0 .75rem}",
	"h1{margin:0;font-size:1.6rem;line-height:1.2;letter-spacing:-.01em;"
	"overflow-wrap:anywhere}",
	"nav{display:flex;border:1px solid var(--line);border-radius:.6rem;"
	"overflow:hidden;background:var(--card);font-size:.9rem}",
	"nav a{padding:.35rem .8rem;color:var(--soft);text-decoration:none;"
	"white-space:nowrap}",
	"nav a+a{border-left:1px solid var(--line)}",
	"nav a[aria-current]{background:var(--link);color:var(--card);font-weight:600}",
	"nav a:hover:not([aria-current]){color:var(--ink)}",
	".lead{margin:.25rem 0;max-width:48rem;color:var(--soft)}",
	".cover{margin:.5rem 0 1.25rem;padding-left:.75rem;"
	    "border-left:3px solid var(--r)}",
	".cover.whole{border-color:var(--p)}",
	".trouble{padding:.6rem .9rem;border-radius:.6rem;background:var(--badback);"
	"color:var(--bad);overflow-wrap:anywhere}",
	".empty{padding:3rem 0;text-align:center;color:var(--soft)}",
	".more{color:var(--soft);text-align:center}",
	"table{width:100%;border-collapse:separate;border-spacing:0;"
	    "background:var(--card);"
	"border:1px solid var(--line);border-radius:.8rem;overflow:hidden}",
	"th,td{padding:.5rem .7rem;text-align:left;vertical-align:middle;"
	"border-top:1px solid var(--line)}",
	"thead th{border-top:0;color:var(--soft);font-size:.78rem;font-weight:600;"
	"line-height:1.25;vertical-align:bottom}",
	"tbody th{font-weight:600;overflow-wrap:anywhere}",
	"tbody tr:hover{background:color-mix(in srgb,var(--link) 6%,transparent)}",
	".n{text-align:right;font-variant-numeric:tabular-nums}",
	".rank,.last,.zero{color:var(--soft)}.zero{opacity:.6}",
	".sum{font-weight:700}.last{white-space:nowrap;font-size:.9rem}",
	"thead .c,thead .p,thead .r{box-shadow:inset 0 -3px 0 var(--c)}",
	"thead .p{box-shadow:inset 0 -3px 0 var(--p)}",
	"thead .r{box-shadow:inset 0 -3px 0 var(--r)}",
	".bar{width:22%;min-width:6rem}",
	"svg{display:block;width:100%;height:.7rem;border-radius:.35rem}",
	"rect.c{fill:var(--c)}rect.p{fill:var(--p)}rect.r{fill:var(--r)}",
	"footer{margin-top:1.25rem;color:var(--soft);font-size:.85rem}",
	/* narrow: a row is a card, its numbers a line of words */
	"@media (max-width:46rem){body{padding:0 .9rem 1.5rem}"
	".notice{margin:0 -.9rem;padding:.5rem .9rem}"
	"header{padding-top:1rem}nav{width:100%}nav a{flex:1;padding:.45rem .2rem;"
	"text-align:center}"
	"thead{display:none}table,tbody{display:block}"
	"tbody tr{display:grid;grid-template-columns:2rem repeat(4,auto) 1fr;"
	"gap:.1rem .6rem;padding:.6rem .8rem;border-top:1px solid var(--line)}"
	"tbody tr:first-child{border-top:0}"
	"tbody th,tbody td{border:0;padding:0}"
	"tbody .rank{grid-column:1;grid-row:1;text-align:left}"
	"tbody th{grid-column:2/6;grid-row:1}"
	"tbody .sum{grid-column:6;grid-row:1}"
	"tbody .bar{grid-column:2/7;grid-row:2;width:auto;padding:.2rem 0}"
	"tbody .c,tbody .p,tbody .m,tbody .r{grid-row:3;font-size:.82rem;"
	"color:var(--soft);text-align:left}"
	"tbody .c{grid-column:2}tbody .p{grid-column:3}tbody .m{grid-column:4}"
	"tbody .r{grid-column:5}"
	"tbody .c::after,tbody .p::after,tbody .m::after,tbody .r::after"
	"{content:\" \" attr(data-label)}"
	"tbody rect.c,tbody rect.p,tbody rect.r{font-size:0}"
	"tbody .last{grid-column:2/7;grid-row:4;font-size:.82rem}}",
};

void
page_style(struct buf *out)
{
	for (size_t i = 0; i < LEN(style); i++) {
		buf_puts(out, style[i]);
		buf_puts(out, "\n");
	}
}
