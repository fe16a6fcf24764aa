/*
 * The name of one run of a tool, by which its status records are told from those of another
 * run, also on another machine. It is drawn at random, so it says nothing about the machine.
 */
#ifndef OS_PRODUCER_H
#define OS_PRODUCER_H

enum { PRODUCER_NAME = 16 };	/* hexadecimal digits: enough that no two runs ever share a name */

/* Writes a new name and its NUL to out. Ends the process with 111 when there are no random numbers. */
void producer_name(char out[PRODUCER_NAME + 1]);

#endif
