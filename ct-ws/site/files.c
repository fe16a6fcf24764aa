/*
 * Knows the files of the web page.
 *
 * in: the page as it is built in
 * out: files by their paths
 */
#include "ct-ws/site/files.h"

#include "ct-ws/page/page.h"

/* The page shows names that anyone can have certified, so no script but its own may run. */
static const char files_fields[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-cache\r\n";

static const struct {
	const char *path;	/* a slash at the end of a path has been taken off */
	const char *type;
	const struct span *content;
} files[FILES] = {
	{ "", "text/html; charset=utf-8", &page_html },
	{ "/page.css", "text/css; charset=utf-8", &page_css },
	{ "/page.js", "text/javascript; charset=utf-8", &page_js },
	{ "/charts.js", "text/javascript; charset=utf-8", &page_charts_js },
	{ "/names.js", "text/javascript; charset=utf-8", &page_names_js },
	{ "/detail.css", "text/css; charset=utf-8", &page_detail_css },
	{ "/detail.js", "text/javascript; charset=utf-8", &page_detail_js },
	{ "/mark.svg", "image/svg+xml", &page_mark_svg },
};

void
files_open(struct files *f)
{
	struct hash *hash = hash_open();

	for (size_t i = 0; i < FILES; i++)
		file_open(&f->list[i], files[i].type, files_fields, *files[i].content, hash);
	hash_free(hash);
}

void
files_close(struct files *f)
{
	for (size_t i = 0; i < FILES; i++)
		file_close(&f->list[i]);
}

int
files_find(struct span path)
{
	for (size_t i = 0; i < FILES; i++)
		if (span_eq(path, span_str(files[i].path)))
			return (int)i;
	return -1;
}
