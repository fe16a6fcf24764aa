/* The files of the web page, by their paths. They are built into ct-ws. */
#ifndef CT_WS_SITE_FILES_H
#define CT_WS_SITE_FILES_H

#include "ct-ws/http/file.h"

enum { FILES = 8 };	/* how many files there are */

struct files {
	struct file list[FILES];	/* in the order of the table in files.c */
};

/* Makes the files, and their tags. */
void files_open(struct files *f);

/* Frees them; connections that send one keep it. */
void files_close(struct files *f);

/*
 * Returns the index in struct files of the file at path, or -1 when there is none. path begins with "/",
 * and has no slash at its end; it is empty for the page itself.
 */
int files_find(struct span path);

#endif
