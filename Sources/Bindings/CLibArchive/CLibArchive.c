#include "CLibArchive.h"
