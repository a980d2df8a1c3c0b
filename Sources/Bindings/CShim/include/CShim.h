#pragma once

/// The bytes of the program helmctl-shim; NULL where the package was built without it.
extern const unsigned char *const helmctl_shim_bytes;
/// How many bytes there are.
extern const unsigned long helmctl_shim_size;
