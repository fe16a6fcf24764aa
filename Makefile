# The certstream toolkit. GNU make and BSD make both read this file.
#
#	make			build the five tools
#	make check		build and run every test
#	make install PREFIX=/usr DESTDIR=/tmp/stage
#	make uninstall		exactly what install put there
#	make lint bench dist	what compilers and checkers say, figures, the tarball

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man

CC ?= cc
AR ?= ar
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config

# What the code needs, kept apart from CFLAGS so that a packager's cannot lose it.
WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Wno-format-nonliteral
HARDEN = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
NEED = -std=c11 -D_GNU_SOURCE -Ilib -I. $(WARN) $(HARDEN)
LINK = -pie -Wl,-z,relro,-z,now

CRYPTO_CFLAGS != $(PKG_CONFIG) --cflags libcrypto
CRYPTO_LIBS != $(PKG_CONFIG) --libs libcrypto
CURL_CFLAGS != $(PKG_CONFIG) --cflags libcurl
CURL_LIBS != $(PKG_CONFIG) --libs libcurl
JANSSON_CFLAGS != $(PKG_CONFIG) --cflags jansson
JANSSON_LIBS != $(PKG_CONFIG) --libs jansson
ZLIB_CFLAGS != $(PKG_CONFIG) --cflags zlib
ZLIB_LIBS != $(PKG_CONFIG) --libs zlib
# Confinement is for Linux; elsewhere the tools run without and say so.
SECCOMP_CFLAGS != $(PKG_CONFIG) --exists libseccomp 2>/dev/null && \
	echo -DHAVE_SECCOMP $$($(PKG_CONFIG) --cflags libseccomp) || :
SECCOMP_LIBS != $(PKG_CONFIG) --libs libseccomp 2>/dev/null || :
# Debian's nng has no .pc file.
NNG_LIBS != $(PKG_CONFIG) --libs nng 2>/dev/null || echo -lnng
# Digests side by side, by a library for x86-64 that does so since 1.3; Debian's has no .pc file.
IPSEC_MB_CFLAGS != echo '_Static_assert(__x86_64__ && IMB_VERSION_NUM >= 0x10300, "");' | \
	$(CC) $(CPPFLAGS) $(CFLAGS) -include intel-ipsec-mb.h -fsyntax-only -x c - 2>/dev/null && \
	echo -DHAVE_IPSEC_MB || :
IPSEC_MB_LIBS != test -z "$(IPSEC_MB_CFLAGS)" || echo -lIPSec_MB

LIBRARY_CFLAGS = $(CRYPTO_CFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS) $(SECCOMP_CFLAGS) \
	$(IPSEC_MB_CFLAGS)
# Of what makes events.
HASH_LIBS = $(CRYPTO_LIBS) $(IPSEC_MB_LIBS)

TOOLS = \
	ct-fetch/ct-fetch \
	ct-hub/ct-hub \
	ct-latest/ct-latest \
	ct-parse/ct-parse \
	ct-ws/ct-ws

LIB_OBJS = \
	lib/base/arena.o \
	lib/base/buf.o \
	lib/base/die.o \
	lib/base/memo.o \
	lib/base/ring.o \
	lib/base/tell.o \
	lib/ct/blanks.o \
	lib/ct/cert.o \
	lib/ct/cert_calidog.o \
	lib/ct/chain.o \
	lib/ct/distinct.o \
	lib/ct/entry.o \
	lib/ct/event.o \
	lib/ct/event_cut.o \
	lib/ct/event_update.o \
	lib/ct/ext.o \
	lib/ct/ext_calidog.o \
	lib/ct/ext_list.o \
	lib/ct/ext_text.o \
	lib/ct/head.o \
	lib/ct/leaf.o \
	lib/ct/leaf_calidog.o \
	lib/ct/leaf_go.o \
	lib/ct/loglist.o \
	lib/ct/loglist_key.o \
	lib/ct/loglist_url.o \
	lib/ct/name.o \
	lib/ct/name_text.o \
	lib/ct/note.o \
	lib/ct/oid.o \
	lib/ct/raw.o \
	lib/ct/record.o \
	lib/ct/san.o \
	lib/ct/san_text.o \
	lib/ct/tbs.o \
	lib/ct/tile.o \
	lib/ct/tree.o \
	lib/ct/unique.o \
	lib/enc/b64.o \
	lib/enc/b64_avx2.o \
	lib/enc/b64_avx512.o \
	lib/enc/ber.o \
	lib/enc/date.o \
	lib/enc/der.o \
	lib/enc/gz.o \
	lib/enc/hash.o \
	lib/enc/hash_many.o \
	lib/enc/json.o \
	lib/enc/json_put.o \
	lib/enc/sig.o \
	lib/enc/text.o \
	lib/os/bus.o \
	lib/os/bus_nng.o \
	lib/os/lines.o \
	lib/os/loop.o \
	lib/os/option.o \
	lib/os/ready.o \
	lib/os/sandbox.o \
	lib/os/store.o

FETCH_OBJS = \
	ct-fetch/choice.o \
	ct-fetch/follow.o \
	ct-fetch/host.o \
	ct-fetch/http.o \
	ct-fetch/issuer.o \
	ct-fetch/keep.o \
	ct-fetch/list.o \
	ct-fetch/log.o \
	ct-fetch/main.o \
	ct-fetch/mark.o \
	ct-fetch/options.o \
	ct-fetch/out.o \
	ct-fetch/page.o \
	ct-fetch/progress.o \
	ct-fetch/request.o \
	ct-fetch/rfc6962.o \
	ct-fetch/status.o \
	ct-fetch/table.o \
	ct-fetch/tiled.o

PARSE_OBJS = \
	ct-parse/filter.o \
	ct-parse/main.o \
	ct-parse/stop.o

HUB_OBJS = \
	ct-hub/hub.o \
	ct-hub/keep.o \
	ct-hub/main.o \
	ct-hub/mark.o \
	ct-hub/pace.o

LATEST_OBJS = \
	ct-latest/follow.o \
	ct-latest/form.o \
	ct-latest/latest.o \
	ct-latest/main.o \
	ct-latest/out.o

WS_OBJS = \
	ct-ws/body.o \
	ct-ws/client.o \
	ct-ws/feed.o \
	ct-ws/frame.o \
	ct-ws/handshake.o \
	ct-ws/http.o \
	ct-ws/latest.o \
	ct-ws/main.o \
	ct-ws/metrics.o \
	ct-ws/outbox.o \
	ct-ws/page.o \
	ct-ws/reader.o \
	ct-ws/route.o \
	ct-ws/server.o \
	ct-ws/stream.o

# Our own CT log: a test tool that uses nothing of lib/.
LOG_OBJS = \
	tests/log/bytes.o \
	tests/log/cert.o \
	tests/log/der.o \
	tests/log/draft.o \
	tests/log/ec.o \
	tests/log/ext.o \
	tests/log/fail.o \
	tests/log/file.o \
	tests/log/folder.o \
	tests/log/head.o \
	tests/log/http.o \
	tests/log/key.o \
	tests/log/list.o \
	tests/log/log.o \
	tests/log/main.o \
	tests/log/names.o \
	tests/log/order.o \
	tests/log/pki.o \
	tests/log/query.o \
	tests/log/rand.o \
	tests/log/rfc6962.o \
	tests/log/rsa.o \
	tests/log/san.o \
	tests/log/sct.o \
	tests/log/serve.o \
	tests/log/site.o \
	tests/log/subject.o \
	tests/log/tile.o \
	tests/log/tiled.o \
	tests/log/tree.o

UNIT_TESTS = \
	tests/unit/test_base \
	tests/unit/test_bus \
	tests/unit/test_calidog \
	tests/unit/test_choice \
	tests/unit/test_der \
	tests/unit/test_enc \
	tests/unit/test_event \
	tests/unit/test_frame \
	tests/unit/test_gz \
	tests/unit/test_head \
	tests/unit/test_host \
	tests/unit/test_http \
	tests/unit/test_hub \
	tests/unit/test_lines \
	tests/unit/test_loglist \
	tests/unit/test_loop \
	tests/unit/test_mark \
	tests/unit/test_note \
	tests/unit/test_odd \
	tests/unit/test_rfc6962 \
	tests/unit/test_ring \
	tests/unit/test_sandbox \
	tests/unit/test_sig \
	tests/unit/test_store \
	tests/unit/test_stream \
	tests/unit/test_tile \
	tests/unit/test_tree \
	tests/unit/test_unique \
	tests/unit/test_warm

# Each replays the inputs of tests/fuzz/corpus; scripts/fuzz looks for new ones.
FUZZ_TARGETS = \
	tests/fuzz/cut \
	tests/fuzz/der \
	tests/fuzz/diff \
	tests/fuzz/entry \
	tests/fuzz/json \
	tests/fuzz/line \
	tests/fuzz/loglist \
	tests/fuzz/note \
	tests/fuzz/tile

# Holds lib/ct against OpenSSL.
DIFF_OBJS = \
	tests/diff/compare.o \
	tests/diff/explain.o \
	tests/diff/ours.o \
	tests/diff/x509.o \
	tests/diff/x509_ext.o

# What tests run besides the tools and the unit tests.
TEST_PROGRAMS = \
	bench/wsload \
	tests/diff/openssl \
	tests/diff/order \
	tests/diff/print \
	tests/log/ct-log

BENCH_PROGRAMS = \
	bench/library \
	bench/stages \
	bench/took \
	bench/wsfeed \
	bench/wsload

HEADERS = lib/*/*.h ct-*/*.h tests/unit/*.h
LOG_HEADERS = tests/log/*.h

all: $(TOOLS)

.SUFFIXES: .c .o

# -O2 stands where an -O of CFLAGS overrules it: bmake's own CFLAGS have none.
.c.o:
	$(CC) -O2 $(CPPFLAGS) $(CFLAGS) $(NEED) $(LIBRARY_CFLAGS) -c -o $@ $<

lib/libct.a: $(LIB_OBJS)
	rm -f $@
	$(AR) rcs $@ $(LIB_OBJS)

ct-fetch: ct-fetch/ct-fetch
ct-hub: ct-hub/ct-hub
ct-latest: ct-latest/ct-latest
ct-parse: ct-parse/ct-parse
ct-ws: ct-ws/ct-ws

ct-fetch/ct-fetch: $(FETCH_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(FETCH_OBJS) lib/libct.a \
	    $(CURL_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) $(ZLIB_LIBS)

ct-hub/ct-hub: $(HUB_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(HUB_OBJS) lib/libct.a $(NNG_LIBS)

ct-latest/ct-latest: $(LATEST_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(LATEST_OBJS) lib/libct.a $(NNG_LIBS) $(CRYPTO_LIBS)

ct-parse/ct-parse: $(PARSE_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(PARSE_OBJS) lib/libct.a $(HASH_LIBS) $(SECCOMP_LIBS)

ct-ws/ct-ws: $(WS_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(WS_OBJS) lib/libct.a $(NNG_LIBS) $(CRYPTO_LIBS)

bench/wsload: bench/wsload.o
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ bench/wsload.o

bench/took: bench/took.o
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ bench/took.o

# All of ct-ws but its main and the bus.
bench/library: bench/library.o
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ bench/library.o $(JANSSON_LIBS) $(CRYPTO_LIBS)

bench/stages: bench/stages.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ bench/stages.o lib/libct.a $(HASH_LIBS)

WSFEED_OBJS = bench/wsfeed.o ct-ws/body.o ct-ws/client.o ct-ws/frame.o ct-ws/handshake.o ct-ws/http.o \
	ct-ws/latest.o ct-ws/metrics.o ct-ws/outbox.o ct-ws/page.o ct-ws/reader.o ct-ws/route.o \
	ct-ws/server.o ct-ws/stream.o

bench/wsfeed: $(WSFEED_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $(WSFEED_OBJS) lib/libct.a $(CRYPTO_LIBS)

# The page goes into the binary byte by byte.
ct-ws/page.c: ct-ws/page.html ct-ws/page.css ct-ws/page.js
	{ echo '#include "ct-ws/page.h"'; \
	for k in html css js; do \
		echo "static const uint8_t $$k[] = {"; \
		od -An -v -tu1 ct-ws/page.$$k | sed 's/  *\([0-9]\)/,\1/g; s/^,//; s/$$/,/'; \
		echo "};"; \
		echo "const struct span page_$$k = { $$k, sizeof($$k) };"; \
	done; } >$@.tmp
	mv $@.tmp $@

tests/log/ct-log: $(LOG_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -pthread -o $@ $(LOG_OBJS) $(CRYPTO_LIBS) $(ZLIB_LIBS)

testlog: tests/log/ct-log

tests/diff/openssl: tests/diff/openssl.o $(DIFF_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/diff/openssl.o $(DIFF_OBJS) lib/libct.a \
	    $(JANSSON_LIBS) $(HASH_LIBS)

tests/diff/order: tests/diff/order.o $(DIFF_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/diff/order.o $(DIFF_OBJS) lib/libct.a \
	    $(JANSSON_LIBS) $(HASH_LIBS)

tests/diff/print: tests/diff/print.o $(DIFF_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/diff/print.o $(DIFF_OBJS) lib/libct.a \
	    $(JANSSON_LIBS) $(HASH_LIBS)

tests/unit/test_base: tests/unit/test_base.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_base.o lib/libct.a

tests/unit/test_bus: tests/unit/test_bus.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_bus.o lib/libct.a $(NNG_LIBS)

tests/unit/test_calidog: tests/unit/test_calidog.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_calidog.o lib/libct.a $(HASH_LIBS)

tests/unit/test_choice: tests/unit/test_choice.o ct-fetch/choice.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_choice.o ct-fetch/choice.o lib/libct.a

tests/unit/test_der: tests/unit/test_der.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_der.o lib/libct.a

tests/unit/test_enc: tests/unit/test_enc.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_enc.o lib/libct.a $(HASH_LIBS)

tests/unit/test_frame: tests/unit/test_frame.o ct-ws/frame.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_frame.o ct-ws/frame.o lib/libct.a

tests/unit/test_event: tests/unit/test_event.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_event.o lib/libct.a $(HASH_LIBS)

tests/unit/test_gz: tests/unit/test_gz.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_gz.o lib/libct.a $(ZLIB_LIBS)

tests/unit/test_head: tests/unit/test_head.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_head.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_host: tests/unit/test_host.o ct-fetch/host.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_host.o ct-fetch/host.o lib/libct.a

tests/unit/test_hub: tests/unit/test_hub.o ct-hub/keep.o ct-hub/mark.o ct-hub/pace.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_hub.o \
	    ct-hub/keep.o ct-hub/mark.o ct-hub/pace.o lib/libct.a

tests/unit/test_http: tests/unit/test_http.o ct-ws/http.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_http.o ct-ws/http.o lib/libct.a

tests/unit/test_lines: tests/unit/test_lines.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_lines.o lib/libct.a

tests/unit/test_loglist: tests/unit/test_loglist.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_loglist.o lib/libct.a $(JANSSON_LIBS) $(CRYPTO_LIBS)

tests/unit/test_loop: tests/unit/test_loop.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_loop.o lib/libct.a

tests/unit/test_mark: tests/unit/test_mark.o ct-fetch/mark.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_mark.o ct-fetch/mark.o lib/libct.a

tests/unit/test_note: tests/unit/test_note.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_note.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_odd: tests/unit/test_odd.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_odd.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_rfc6962: tests/unit/test_rfc6962.o ct-fetch/rfc6962.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_rfc6962.o ct-fetch/rfc6962.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_ring: tests/unit/test_ring.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_ring.o lib/libct.a

tests/unit/test_sandbox: tests/unit/test_sandbox.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_sandbox.o lib/libct.a $(SECCOMP_LIBS)

tests/unit/test_sig: tests/unit/test_sig.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_sig.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_store: tests/unit/test_store.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_store.o lib/libct.a

STREAM_TEST_OBJS = ct-ws/body.o ct-ws/frame.o ct-ws/outbox.o ct-ws/reader.o ct-ws/stream.o

tests/unit/test_stream: tests/unit/test_stream.o $(STREAM_TEST_OBJS) lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_stream.o $(STREAM_TEST_OBJS) lib/libct.a

tests/unit/test_tile: tests/unit/test_tile.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_tile.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_tree: tests/unit/test_tree.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_tree.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_unique: tests/unit/test_unique.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ tests/unit/test_unique.o lib/libct.a $(CRYPTO_LIBS)

tests/unit/test_warm: tests/unit/test_warm.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc -o $@ \
	    tests/unit/test_warm.o lib/libct.a $(HASH_LIBS)

FUZZ_MAIN = tests/fuzz/replay.o

$(FUZZ_TARGETS): $(FUZZ_TARGETS:=.o) tests/fuzz/replay.o tests/fuzz/judge.o \
    $(DIFF_OBJS) ct-parse/filter.o lib/libct.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $@.o $(FUZZ_MAIN) tests/fuzz/judge.o \
	    $(DIFF_OBJS) ct-parse/filter.o lib/libct.a $(JANSSON_LIBS) $(HASH_LIBS)

$(LIB_OBJS) $(FETCH_OBJS) $(PARSE_OBJS) $(HUB_OBJS) $(WS_OBJS) $(LATEST_OBJS) bench/wsfeed.o bench/stages.o: $(HEADERS)
$(UNIT_TESTS:=.o): $(HEADERS)
$(FUZZ_TARGETS:=.o) tests/fuzz/replay.o tests/fuzz/judge.o: $(HEADERS) tests/diff/*.h tests/fuzz/judge.h
tests/diff/openssl.o tests/diff/order.o tests/diff/print.o $(DIFF_OBJS): $(HEADERS) tests/diff/*.h
$(LOG_OBJS): $(LOG_HEADERS)

unit: $(UNIT_TESTS)

# All that the tests run besides the tools.
tests: $(UNIT_TESTS) $(FUZZ_TARGETS) $(TEST_PROGRAMS)

check:
	@./scripts/check

bench: all tests/log/ct-log $(BENCH_PROGRAMS)
	@for b in bench/*.sh; do ./$$b || exit 1; echo; done

lint:
	@CC='$(CC)' FLAGS='$(CPPFLAGS) $(CFLAGS) $(NEED) $(LIBRARY_CFLAGS)' ./scripts/lint

install: all
	@for d in $(BINDIR) $(MANDIR)/man1 $(MANDIR)/man5 $(MANDIR)/man7; do \
		mkdir -p "$(DESTDIR)$$d" || exit 1; \
	done
	@for t in $(TOOLS); do \
		echo "$(DESTDIR)$(BINDIR)/$${t##*/}"; \
		install -m 755 $$t "$(DESTDIR)$(BINDIR)/" || exit 1; \
	done
	@for m in man/*.[157]; do \
		echo "$(DESTDIR)$(MANDIR)/man$${m##*.}/$${m#man/}"; \
		install -m 644 $$m "$(DESTDIR)$(MANDIR)/man$${m##*.}/" || exit 1; \
	done

uninstall:
	@for t in $(TOOLS); do rm -f "$(DESTDIR)$(BINDIR)/$${t##*/}" || exit 1; done
	@for m in man/*.[157]; do rm -f "$(DESTDIR)$(MANDIR)/man$${m##*.}/$${m#man/}" || exit 1; done

# The tree as committed.
dist:
	@v=$$(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' lib/base/version.h) && \
	git archive --prefix="certstream-toolkit-$$v/" -o "certstream-toolkit-$$v.tar.gz" HEAD && \
	echo "certstream-toolkit-$$v.tar.gz"

clean:
	rm -f lib/*/*.o lib/*.a ct-*/*.o bench/*.o tests/*/*.o ct-ws/page.c \
	    $(TOOLS) $(UNIT_TESTS) $(FUZZ_TARGETS) $(TEST_PROGRAMS) $(BENCH_PROGRAMS)

.PHONY: all tests testlog unit check lint bench install uninstall dist clean
.PHONY: ct-fetch ct-parse ct-hub ct-ws ct-latest
