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

bool
san_next(struct der *names, struct san *out)
{
	struct der_item it;

	while (der_next(names, &it)) {
		if ((it.tag & 0xc0) != DER_CONTEXT || (it.tag & 0x1f) == 0x1f)
			continue;
		*out = (struct san){ it.tag & 0x1f, it.body };
		return true;
	}
	return false;
}
