# make             build/hubstash
# make run         set up what is missing, then follow ORG (needs GITHUB_TOKEN),
#                  or without ORG a simulated organisation on loopback
# make test        set up what is missing, then everything: unit, tables, scenarios
# make test-quick  unit and table tests: no JVM, no network, under a minute
# make torture     each fault at each step, for hours; goes on where it was (SHARD=i/n)
# make bench       what it costs, in tables, in about ten minutes; asserts nothing.
#                  bench-large: with a million documents, about an hour
# make lint        layers, banned functions, lengths, format
# make deps        install what building and testing need (Debian), or say how
# make docs        docs/reference.md, as the program says it
# make man         build/hubstash.1 and build/hubstash-pipeline.5, likewise
# make install     the program, pipelines, man pages, units for systemd:
#                  PREFIX=/usr/local DESTDIR=
# make clean
# V=1 shows the commands
Q       := $(if $(V),,@)
CC      ?= cc
PKGS    := libcurl libevent libevent_pthreads json-c sqlite3 zlib libcrypto oniguruma
B       ?= build/release
PREFIX  ?= /usr/local
VERSION := 0.1.0
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef \
           -Wswitch-enum -Wimplicit-fallthrough -Werror
HARDEN  := -fstack-protector-strong -fno-common
SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS  ?= -O2 -g -D_FORTIFY_SOURCE=2
override CPPFLAGS += -D_GNU_SOURCE -DHUBSTASH_VERSION='"$(VERSION)"' -Iingest -MMD -MP
override CPPFLAGS += $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
override LDLIBS   += $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lcrypt -lpthread -lm

SRC   := $(sort $(wildcard ingest/*/*.c))
OBJ   := $(SRC:%.c=$(B)/%.o)
LIB   := $(B)/libhubstash.a
UNIT  := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/unit/test_*.c)))
EMBED := es_template kibana_dashboards api_description web_assets
SANB  := build/san

all: build/hubstash
	@echo "  OK $<"
build/hubstash: $(B)/hubstash
	@ln -sf $(patsubst build/%,%,$<) $@
$(B)/hubstash: $(B)/ingest/cmd/main.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS)
$(LIB): $(filter-out $(B)/ingest/cmd/main.o,$(OBJ)) $(EMBED:%=$(B)/embed/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^
libraries:
	@pkg-config --exists $(PKGS) || { echo "what it is built with is missing: make deps"; exit 2; }
$(B)/%.o: %.c Makefile | libraries
	@mkdir -p $(@D)
	@echo "  CC $<"
	$(Q)$(CC) -std=c17 $(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
$(B)/embed/es_template.c: pipelines/index-template.json
$(B)/embed/kibana_dashboards.c: pipelines/kibana/dashboards.json
$(B)/embed/api_description.c: docs/api.yaml
$(B)/embed/%.c: Makefile
	@mkdir -p $(@D)
	$(Q){ echo 'extern const char $*[]; extern const unsigned $*_len;'; \
	  echo 'const char $*[] = {'; sed '/^#/d' $(filter pipelines/% docs/%,$^) | \
	  od -An -v -t d1 | sed 's/[0-9][0-9]*/&,/g'; echo '0 };'; \
	  echo 'const unsigned $*_len = sizeof($*) - 1;'; } >$@
$(B)/embed/web_assets.c: $(wildcard ingest/web/page/*) build/npm/.state
	$(Q)ingest/web/page/build.sh $(@D)
build/npm/.state: ask-npm ;
ask-npm:
	$(Q)ingest/web/page/npm.sh
$(B)/embed/%.o: $(B)/embed/%.c
	$(Q)$(CC) -std=c17 -Iingest $(CFLAGS) -c $< -o $@
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS)
$(B)/tests/elastic/%: $(B)/tests/elastic/%.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS)
$(B)/tests/store/%: $(B)/tests/store/%.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS)
$(B)/bench/panels: $(B)/bench/people.o
$(B)/bench/%: $(B)/bench/%.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(LIB) -o $@ $(LDLIBS)
benches: $(B)/bench/bulk $(B)/bench/normalise $(B)/bench/panels
# The program on a disk that fails when told to.
$(B)/tests/torture/hubstash: $(B)/tests/torture/inside.o $(B)/ingest/cmd/main.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS)
PROG  := $(if $(wildcard ingest/cmd/main.c),hubstash)
unit-tests: $(UNIT) $(B)/tests/elastic/drive $(B)/tests/store/ask $(B)/tests/torture/hubstash $(PROG:%=$(B)/%)

san:
	@$(MAKE) --no-print-directory unit-tests B=$(SANB) CFLAGS="-O1 -g $(SAN)" LDFLAGS="$(SAN)"
test:
	@tests/deps.sh test
	@$(MAKE) --no-print-directory -j2 san $(PROG:%=all)
	@tests/run.sh all $(SANB)
torture:
	@tests/deps.sh test
	@$(MAKE) --no-print-directory san
	@node tests/elastic/kills.js
	@node tests/torture/run.js --whole
# libFuzzer: what it finds is left in build/fuzz/found, and becomes a file of the corpus.
FUZZB   := build/fuzz
TARGET  ?= event
SECONDS ?= 60
fuzz:
	@command -v clang >/dev/null || { echo "clang is missing: apt-get install clang"; exit 2; }
	@$(MAKE) --no-print-directory -j$$(nproc) $(FUZZB)/tests/fuzz/$(TARGET) B=$(FUZZB) CC=clang \
	  WARN= CFLAGS="-O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all"
	@mkdir -p $(FUZZB)/found $(FUZZB)/corpus/$(TARGET)
	@$(FUZZB)/tests/fuzz/$(TARGET) -max_total_time=$(SECONDS) -timeout=20 -max_len=65536 \
	  -dict=tests/fuzz/$(TARGET).dict -artifact_prefix=$(FUZZB)/found/$(TARGET)- \
	  $(FUZZB)/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)
$(FUZZB)/tests/fuzz/%: $(FUZZB)/tests/fuzz/%.o $(FUZZB)/libhubstash.a
	$(Q)clang -fsanitize=address,undefined,fuzzer $^ -o $@ $(LDLIBS)
bench: deps
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory benches
	@node bench/github.js
	@node bench/bulk.js
	@$(B)/bench/panels
	@node bench/panels.js 10000 100000
	@node bench/latency.js
	@node bench/memory.js 10000 100000
	@node bench/growth.js --elasticsearch 10000 100000
bench-large: deps
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory benches
	@node bench/memory.js 1000000
	@node bench/panels.js 1000000
	@node bench/growth.js --elasticsearch 1000000
test-quick:
	@$(MAKE) --no-print-directory san
	@tests/run.sh quick $(SANB)
deps:
	@tests/deps.sh
run: deps
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@$(if $(ORG),build/hubstash run --org $(ORG),node tests/github/demo.js build/hubstash)
docs: all
	@docs/reference.sh build/hubstash >build/reference.md && mv build/reference.md docs
lint:
	@tests/layers.sh && tests/lint.sh
man: build/hubstash
	@docs/man.sh $(B)/hubstash 1 >build/hubstash.1
	@docs/man.sh $(B)/hubstash 5 >build/hubstash-pipeline.5
TO := $(DESTDIR)$(PREFIX)
install: man
	install -D -m 755 $(B)/hubstash $(TO)/bin/hubstash
	install -d $(TO)/share/hubstash/pipelines $(TO)/lib/systemd/system
	install -m 644 pipelines/*.conf pipelines/*.json $(TO)/share/hubstash/pipelines
	install -D -m 644 build/hubstash.1 $(TO)/share/man/man1/hubstash.1
	install -D -m 644 build/hubstash-pipeline.5 $(TO)/share/man/man5/hubstash-pipeline.5
	for u in hubstash hubstash@; do sed 's|/usr/local/bin/|$(PREFIX)/bin/|' \
	    docs/systemd/$$u.service >$(TO)/lib/systemd/system/$$u.service; done
clean:
	rm -rf build
.PHONY: all libraries ask-npm bench unit-tests san test test-quick torture deps run docs \
        man lint install clean
.SECONDARY:
-include $(OBJ:.o=.d) $(UNIT:=.d) $(B)/tests/elastic/drive.d $(B)/tests/store/ask.d $(B)/tests/torture/inside.d
