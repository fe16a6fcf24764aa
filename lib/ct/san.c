/* Walks GeneralNames. In: an extension's value. Out: its names, one by one. */
#include "ct/san.h"

bool
san_open(struct der *names, struct span extension_value)
{
	struct der d = der_of(extension_value);
	struct span body;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return false;
	*names = der_of(body);
	return true;
}
