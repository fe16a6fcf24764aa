/* The version every tool prints for -V; the Makefile's dist reads it too. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define CT_VERSION "0.1.0"

#endif
