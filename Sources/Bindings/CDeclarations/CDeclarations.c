#include "CDeclarations.h"
