#include "CDeclarations.h"

// #embed (C23) takes the texts into the binary as they are, so that it works when copied alone, and far quicker than
// literals would compile.
#define DECLARATION(NAME) {#NAME, NAME, sizeof NAME}

static const unsigned char admissionregistration[] = {
#embed "kinds/admissionregistration.txt"
};
static const unsigned char apiextensions[] = {
#embed "kinds/apiextensions.txt"
};
static const unsigned char apiregistration[] = {
#embed "kinds/apiregistration.txt"
};
static const unsigned char apps[] = {
#embed "kinds/apps.txt"
};
static const unsigned char authentication[] = {
#embed "kinds/authentication.txt"
};
static const unsigned char authorization[] = {
#embed "kinds/authorization.txt"
};
static const unsigned char autoscaling[] = {
#embed "kinds/autoscaling.txt"
};
static const unsigned char batch[] = {
#embed "kinds/batch.txt"
};
static const unsigned char certificates[] = {
#embed "kinds/certificates.txt"
};
static const unsigned char coordination[] = {
#embed "kinds/coordination.txt"
};
static const unsigned char core[] = {
#embed "kinds/core.txt"
};
static const unsigned char discovery[] = {
#embed "kinds/discovery.txt"
};
static const unsigned char events[] = {
#embed "kinds/events.txt"
};
static const unsigned char flowcontrol[] = {
#embed "kinds/flowcontrol.txt"
};
static const unsigned char meta[] = {
#embed "kinds/meta.txt"
};
static const unsigned char networking[] = {
#embed "kinds/networking.txt"
};
static const unsigned char node[] = {
#embed "kinds/node.txt"
};
static const unsigned char policy[] = {
#embed "kinds/policy.txt"
};
static const unsigned char rbac[] = {
#embed "kinds/rbac.txt"
};
static const unsigned char resource[] = {
#embed "kinds/resource.txt"
};
static const unsigned char scheduling[] = {
#embed "kinds/scheduling.txt"
};
static const unsigned char storage[] = {
#embed "kinds/storage.txt"
};

static const struct helmctl_declaration declarations[] = {
    DECLARATION(admissionregistration),
    DECLARATION(apiextensions),
    DECLARATION(apiregistration),
    DECLARATION(apps),
    DECLARATION(authentication),
    DECLARATION(authorization),
    DECLARATION(autoscaling),
    DECLARATION(batch),
    DECLARATION(certificates),
    DECLARATION(coordination),
    DECLARATION(core),
    DECLARATION(discovery),
    DECLARATION(events),
    DECLARATION(flowcontrol),
    DECLARATION(meta),
    DECLARATION(networking),
    DECLARATION(node),
    DECLARATION(policy),
    DECLARATION(rbac),
    DECLARATION(resource),
    DECLARATION(scheduling),
    DECLARATION(storage),
};

unsigned long helmctl_declaration_count(void) { return sizeof declarations / sizeof *declarations; }

const struct helmctl_declaration *helmctl_declaration_at(unsigned long index) { return &declarations[index]; }
