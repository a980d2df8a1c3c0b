#include "CShim.h"

// scripts/build-shim makes the program; without it the package compiles all the same and says so when it needs it.
#if __has_embed("../../../build/helmctl-shim")
static const unsigned char bytes[] = {
#embed "../../../build/helmctl-shim"
};
const unsigned char *const helmctl_shim_bytes = bytes;
const unsigned long helmctl_shim_size = sizeof bytes;
#else
const unsigned char *const helmctl_shim_bytes = (const unsigned char *)0;
const unsigned long helmctl_shim_size = 0;
#endif
