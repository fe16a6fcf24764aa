# The certstream toolkit, for Linux: it needs epoll and signalfd. GNU make and BSD make both read this file.
#
#	make			build the five tools
#	make check		build and run every test whose needs are here
#	make install PREFIX=/usr DESTDIR=/tmp/stage
#			the tools, their manual pages, completions and systemd units (see scripts/install)
#	make uninstall		exactly what install put there
#	make lint bench dist	what compilers and checkers say, figures, the tarball

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec
MANDIR ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
SYSTEMDUNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d
# Not below PREFIX: administrators look for the options of services here.
DEFAULTDIR ?= /etc/default

CC ?= cc
AR ?= ar
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config

# What the code needs, kept apart from CFLAGS so that a packager's cannot lose it.
WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Wno-format-nonliteral
HARDEN = -fstack-protector-strong $(FORTIFY) -fPIE
# Files over 2 GiB and times after 2038 on 32-bit machines too.
WIDE = -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
NEED = -std=c11 -D_GNU_SOURCE $(WIDE) -Ilib -I. $(WARN) $(HARDEN)
LINK = -pie -Wl,-z,relro,-z,now -Wl,--as-needed

# Asks the preprocessor something. It writes no file, whatever CFLAGS have: -MMD alone would leave a--.d.
PROBE = $(CC) -O2 $(CPPFLAGS) $(CFLAGS) -MMD -MF /dev/null -E -x c

# Buffer checks of the C library, unless the compiler or the caller asks for them already, or the caller
# wants none of them.
FORTIFY != echo $(CPPFLAGS) $(CFLAGS) | grep -q -e -U_FORTIFY_SOURCE || \
	$(PROBE) -dM /dev/null 2>/dev/null | awk ' \
	/ __OPTIMIZE__ / { optimized = 1 } / _FORTIFY_SOURCE / { asked = 1 } \
	END { if (optimized && !asked) print "-D_FORTIFY_SOURCE=2" }'

# Libraries with a .pc file; lib/found stops the build when one of them is missing.
PC = libcrypto libssl libcurl jansson zlib
PC_CFLAGS != $(PKG_CONFIG) --cflags $(PC) 2>/dev/null || :
PC_LIBS != $(PKG_CONFIG) --libs $(PC) 2>/dev/null || :
# For one test alone, which holds the bus against nng. Debian's nng has no .pc file.
NNG_CFLAGS != echo '\043include <nng/nng.h>' | $(PROBE) - >/dev/null 2>&1 && echo -DHAVE_NNG || :
NNG_LIBS != test -z "$(NNG_CFLAGS)" || echo -lnng
# Confinement needs this library; without it the tools run and say so.
SECCOMP_CFLAGS != $(PKG_CONFIG) --exists libseccomp 2>/dev/null && \
	echo -DHAVE_SECCOMP $$($(PKG_CONFIG) --cflags libseccomp) || :
SECCOMP_LIBS != $(PKG_CONFIG) --libs libseccomp 2>/dev/null || :
# Digests side by side, by a library for x86-64 that does so since 1.3; Debian's has no .pc file.
# \043 is the number sign, which would begin a comment here.
IPSEC_MB_CFLAGS != printf '\043if !__x86_64__ || IMB_VERSION_NUM < 0x10300\n\043error\n\043endif\n' | \
	$(PROBE) -include intel-ipsec-mb.h - >/dev/null 2>&1 && echo -DHAVE_IPSEC_MB || :
IPSEC_MB_LIBS != test -z "$(IPSEC_MB_CFLAGS)" || echo -lIPSec_MB
# Compression several times faster than zlib's, and unpacking half as fast again.
ISAL_CFLAGS != $(PKG_CONFIG) --exists libisal 2>/dev/null && \
	echo -DHAVE_ISAL $$($(PKG_CONFIG) --cflags libisal) || :
ISAL_LIBS != $(PKG_CONFIG) --libs libisal 2>/dev/null || :

# Regexes in the filters of ct-ws, which refuses them without it; vectorscan has this .pc file too.
HS_CFLAGS != $(PKG_CONFIG) --exists libhs 2>/dev/null && \
	echo -DHAVE_HS $$($(PKG_CONFIG) --cflags libhs) || :
HS_LIBS != $(PKG_CONFIG) --libs libhs 2>/dev/null || :

# The bus in a NATS cluster, which the tools refuse without it.
NATS_CFLAGS != $(PKG_CONFIG) --exists 'libnats >= 3.4' 2>/dev/null && \
	echo -DHAVE_NATS $$($(PKG_CONFIG) --cflags libnats) || :
NATS_LIBS != $(PKG_CONFIG) --libs 'libnats >= 3.4' 2>/dev/null || :

LIBRARY_CFLAGS = $(PC_CFLAGS) $(NNG_CFLAGS) $(SECCOMP_CFLAGS) $(IPSEC_MB_CFLAGS) $(ISAL_CFLAGS) \
	$(HS_CFLAGS) $(NATS_CFLAGS)
# All of them for every program: the linker takes what a program uses (--as-needed).
LIBS = $(NNG_LIBS) $(PC_LIBS) $(SECCOMP_LIBS) $(IPSEC_MB_LIBS) $(ISAL_LIBS) $(HS_LIBS) $(NATS_LIBS) -pthread

TOOLS = ct-fetch/ct-fetch ct-hub/ct-hub ct-latest/ct-latest ct-parse/ct-parse ct-ws/ct-ws

# Every source file of a folder belongs to it. A tool's archive has all but its main.
LIB_SRCS != find lib -name '*.c' | sort
FETCH_SRCS != find ct-fetch -name '*.c' ! -name main.c | sort
HUB_SRCS != find ct-hub -name '*.c' ! -name main.c | sort
LATEST_SRCS != find ct-latest -name '*.c' ! -name main.c | sort
PARSE_SRCS != find ct-parse -name '*.c' ! -name main.c | sort
WS_SRCS != { find ct-ws -name '*.c' ! -name main.c; echo ct-ws/page/page.c; } | sort -u
# Our own CT log: a test tool that uses nothing of lib/.
LOG_SRCS != ls tests/log/*.c
UNIT_SRCS != ls tests/unit/test_*.c | grep -v /test_warm
FUZZ_SRCS != ls tests/fuzz/*.c | grep -v -e /replay -e /judge

LIB_OBJS = $(LIB_SRCS:.c=.o)
FETCH_OBJS = $(FETCH_SRCS:.c=.o)
HUB_OBJS = $(HUB_SRCS:.c=.o)
LATEST_OBJS = $(LATEST_SRCS:.c=.o)
PARSE_OBJS = $(PARSE_SRCS:.c=.o)
WS_OBJS = $(WS_SRCS:.c=.o)
LOG_OBJS = $(LOG_SRCS:.c=.o)
UNIT_TESTS = $(UNIT_SRCS:.c=)
# Each replays the inputs of tests/fuzz/corpus; scripts/fuzz looks for new ones.
FUZZ_TARGETS = $(FUZZ_SRCS:.c=)

# Holds the reading of certificates against OpenSSL's.
DIFF_OBJS = tests/diff/compare.o tests/diff/explain.o tests/diff/ours.o tests/diff/x509.o \
	tests/diff/x509_ext.o
DIFF_PROGRAMS = tests/diff/openssl tests/diff/order tests/diff/print

# What tests run besides the tools and the unit tests.
TEST_PROGRAMS = tests/unit/test_warm bench/wsload $(DIFF_PROGRAMS) tests/log/ct-log
BENCH_PROGRAMS = bench/deflate bench/filters bench/natsraw bench/spells bench/stages bench/stamp bench/took bench/wsfeed bench/wsload

MAINS = ct-fetch/main.o ct-hub/main.o ct-latest/main.o ct-parse/main.o ct-ws/main.o
ARCHIVES = $(TOOLS:=.a) lib/libct.a
HEADERS != find lib ct-* -name '*.h' | sort

all: $(TOOLS)

.SUFFIXES: .c .o

# -O2 stands where an -O of CFLAGS overrules it: bmake's own CFLAGS have none.
.c.o:
	$(CC) -O2 $(CPPFLAGS) $(CFLAGS) $(NEED) $(LIBRARY_CFLAGS) -c -o $@ $<

# Made when the compiler and all libraries are there; else says in a line what is missing, and stops.
lib/found:
	@set -- $(CC); command -v "$$1" >/dev/null || { \
		echo "make: missing: the C compiler $$1; run scripts/setup, which installs cc" >&2; exit 1; }
	@echo | $(PROBE) - >/dev/null || { \
		echo "make: the C compiler does not take CPPFLAGS and CFLAGS, see above" >&2; exit 1; }
	@missing=; \
	has() { echo "#include <$$1>" | $(PROBE) - >/dev/null 2>&1; }; \
	has stdio.h || missing="$$missing libc"; \
	set -- $(PKG_CONFIG); \
	if command -v "$$1" >/dev/null; then \
		for p in $(PC); do \
			$(PKG_CONFIG) --exists $$p 2>/dev/null || missing="$$missing $$p"; \
		done; \
	else \
		missing="$$missing $$1"; \
	fi; \
	test -z "$$missing" || { \
		echo "make: missing:$$missing; run scripts/setup, which installs what the build needs" >&2; exit 1; }
	@touch $@

lib/libct.a: $(LIB_OBJS)
	rm -f $@
	$(AR) rcs $@ $(LIB_OBJS)

ct-fetch/ct-fetch.a: $(FETCH_OBJS)
	rm -f $@
	$(AR) rcs $@ $(FETCH_OBJS)

ct-hub/ct-hub.a: $(HUB_OBJS)
	rm -f $@
	$(AR) rcs $@ $(HUB_OBJS)

ct-latest/ct-latest.a: $(LATEST_OBJS)
	rm -f $@
	$(AR) rcs $@ $(LATEST_OBJS)

ct-parse/ct-parse.a: $(PARSE_OBJS)
	rm -f $@
	$(AR) rcs $@ $(PARSE_OBJS)

ct-ws/ct-ws.a: $(WS_OBJS)
	rm -f $@
	$(AR) rcs $@ $(WS_OBJS)

$(TOOLS):
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(@D)/main.o $@.a lib/libct.a $(LIBS)

ct-fetch/ct-fetch: ct-fetch/main.o ct-fetch/ct-fetch.a lib/libct.a
ct-hub/ct-hub: ct-hub/main.o ct-hub/ct-hub.a lib/libct.a
ct-latest/ct-latest: ct-latest/main.o ct-latest/ct-latest.a lib/libct.a
ct-parse/ct-parse: ct-parse/main.o ct-parse/ct-parse.a lib/libct.a
ct-ws/ct-ws: ct-ws/main.o ct-ws/ct-ws.a lib/libct.a

ct-fetch: ct-fetch/ct-fetch
ct-hub: ct-hub/ct-hub
ct-latest: ct-latest/ct-latest
ct-parse: ct-parse/ct-parse
ct-ws: ct-ws/ct-ws

# The page goes into the binary byte by byte: page.css as page_css, charts.js as page_charts_js.
PAGE != echo ct-ws/page/*.html ct-ws/page/*.css ct-ws/page/*.js ct-ws/page/*.svg
ct-ws/page/page.c: $(PAGE) lib/found
	{ echo '#include "ct-ws/page/page.h"'; \
	for f in $(PAGE); do \
		k=$$(basename $$f | sed 's/^page\.//; s/\./_/g'); \
		echo "static const uint8_t $$k[] = {"; \
		od -An -v -tu1 $$f | sed 's/  *\([0-9]\)/,\1/g; s/^,//; s/$$/,/'; \
		echo "};"; \
		echo "const struct span page_$$k = { $$k, sizeof($$k) };"; \
	done; } >$@.tmp
	mv $@.tmp $@

$(UNIT_TESTS): $(UNIT_TESTS:=.o) $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $@.o $(ARCHIVES) $(LIBS)

# Counts allocations: the linker sends them to the test.
tests/unit/test_warm: tests/unit/test_warm.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc \
	    -o $@ tests/unit/test_warm.o lib/libct.a $(LIBS)

$(BENCH_PROGRAMS): $(BENCH_PROGRAMS:=.o) $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $@.o $(ARCHIVES) $(LIBS)

# What libraries alone would do; some of our names are jansson's.
bench/library: bench/library.o
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ bench/library.o $(LIBS)

$(DIFF_PROGRAMS): $(DIFF_PROGRAMS:=.o) $(DIFF_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $@.o $(DIFF_OBJS) lib/libct.a $(LIBS)

tests/log/ct-log: $(LOG_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -pthread -o $@ $(LOG_OBJS) $(LIBS)

testlog: tests/log/ct-log

FUZZ_MAIN = tests/fuzz/replay.o

$(FUZZ_TARGETS): $(FUZZ_TARGETS:=.o) tests/fuzz/replay.o tests/fuzz/judge.o $(DIFF_OBJS) $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $@.o $(FUZZ_MAIN) tests/fuzz/judge.o \
	    $(DIFF_OBJS) ct-parse/ct-parse.a ct-ws/ct-ws.a lib/libct.a $(LIBS)

$(LIB_OBJS) $(FETCH_OBJS) $(HUB_OBJS) $(LATEST_OBJS) $(PARSE_OBJS) $(WS_OBJS) $(MAINS): $(HEADERS) lib/found
$(UNIT_TESTS:=.o) tests/unit/test_warm.o: $(HEADERS) lib/found tests/unit/*.h
$(BENCH_PROGRAMS:=.o) bench/library.o: $(HEADERS) lib/found
$(FUZZ_TARGETS:=.o) tests/fuzz/replay.o tests/fuzz/judge.o: $(HEADERS) lib/found tests/diff/*.h tests/fuzz/judge.h
$(DIFF_PROGRAMS:=.o) $(DIFF_OBJS): $(HEADERS) lib/found tests/diff/*.h
$(LOG_OBJS): tests/log/*.h lib/found

unit: $(UNIT_TESTS) tests/unit/test_warm

# All that the tests run besides the tools.
tests: $(UNIT_TESTS) $(FUZZ_TARGETS) $(TEST_PROGRAMS)

check:
	@./scripts/check -n

bench: all tests/log/ct-log $(BENCH_PROGRAMS) bench/library
	@for b in bench/*.sh; do ./$$b || exit 1; echo; done

lint:
	@CC='$(CC)' FLAGS='$(CPPFLAGS) $(CFLAGS) $(NEED) $(LIBRARY_CFLAGS)' ./scripts/lint

PLACES = DESTDIR='$(DESTDIR)' BINDIR='$(BINDIR)' LIBEXECDIR='$(LIBEXECDIR)' MANDIR='$(MANDIR)' \
	BASHCOMPDIR='$(BASHCOMPDIR)' ZSHCOMPDIR='$(ZSHCOMPDIR)' SYSTEMDUNITDIR='$(SYSTEMDUNITDIR)' \
	SYSUSERSDIR='$(SYSUSERSDIR)' TMPFILESDIR='$(TMPFILESDIR)' DEFAULTDIR='$(DEFAULTDIR)'

install: all
	@$(PLACES) ./scripts/install put

uninstall:
	@$(PLACES) ./scripts/install drop

# The tree as committed; the same bytes each time.
dist:
	@./scripts/dist

clean:
	find . \( -path ./build -o -path ./.git -o -path ./tests/interop \) -prune -o -type f \
	    \( -name '*.[od]' -o -name '*.gcno' -o -name '*.gcda' -o -name '*.su' \) -exec rm -f {} +
	rm -f lib/found ct-ws/page/page.c $(ARCHIVES) \
	    $(TOOLS) $(UNIT_TESTS) $(FUZZ_TARGETS) $(TEST_PROGRAMS) $(BENCH_PROGRAMS) bench/library

.PHONY: all tests testlog unit check lint bench install uninstall dist clean
.PHONY: ct-fetch ct-parse ct-hub ct-ws ct-latest
