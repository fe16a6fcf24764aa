/* The version of all tools: what -V prints, and the name of the tarball. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define CT_VERSION "0.1.0"

#endif
