// JSON parsing.
#include <jansson.h>
