"""Working days that the library does not know: a region's own days off, swapped days entered before a new release."""
