/* The page for people: page.html, page.css and page.js, as they are, in the binary. */
#ifndef CT_WS_PAGE_H
#define CT_WS_PAGE_H

#include "base/span.h"

extern const struct span page_html, page_css, page_js;

#endif
