/* The two layouts of certstream JSON that events come in: ct-event(5). */
#ifndef EVENT_FORMAT_H
#define EVENT_FORMAT_H

enum format {
	FORMAT_GO,		/* certstream-server-go's */
	FORMAT_CALIDOG,		/* CaliDog's, as its READMEs document it */
};

#endif
