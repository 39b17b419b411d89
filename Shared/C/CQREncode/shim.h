// QR codes.
#include <qrencode.h>
