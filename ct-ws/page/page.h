/*
 * The page that shows certificates to people. The build makes page.c from
 * the files in this folder; each of these spans is one of them, byte for byte.
 */
#ifndef CT_WS_PAGE_PAGE_H
#define CT_WS_PAGE_PAGE_H

#include "base/span.h"

extern const struct span page_html, page_css, page_js, page_charts_js, page_names_js, page_detail_css,
    page_detail_js, page_mark_svg;

#endif
