/*
 * The two formats of an event. A format is a layout of JSON: which keys there are, in which order,
 * and how their values are written. ct-event(5) describes both.
 */
#ifndef EVENT_FORMAT_H
#define EVENT_FORMAT_H

enum format {
	FORMAT_GO,		/* the layout of certstream-server-go */
	FORMAT_CALIDOG,		/* the layout in the README of CaliDog's server */
};

#endif
