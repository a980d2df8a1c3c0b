#include "CDeclarations.h"

#define WORDS(NAME) {#NAME, NAME, sizeof NAME}

static const unsigned char admissionregistration[] = {
#embed "words/admissionregistration.txt"
};
static const unsigned char apiextensions[] = {
#embed "words/apiextensions.txt"
};
static const unsigned char apiregistration[] = {
#embed "words/apiregistration.txt"
};
static const unsigned char apps[] = {
#embed "words/apps.txt"
};
static const unsigned char authentication[] = {
#embed "words/authentication.txt"
};
static const unsigned char authorization[] = {
#embed "words/authorization.txt"
};
static const unsigned char autoscaling[] = {
#embed "words/autoscaling.txt"
};
static const unsigned char batch[] = {
#embed "words/batch.txt"
};
static const unsigned char certificates[] = {
#embed "words/certificates.txt"
};
static const unsigned char common[] = {
#embed "words/common.txt"
};
static const unsigned char coordination[] = {
#embed "words/coordination.txt"
};
static const unsigned char core[] = {
#embed "words/core.txt"
};
static const unsigned char discovery[] = {
#embed "words/discovery.txt"
};
static const unsigned char events[] = {
#embed "words/events.txt"
};
static const unsigned char flowcontrol[] = {
#embed "words/flowcontrol.txt"
};
static const unsigned char meta[] = {
#embed "words/meta.txt"
};
static const unsigned char networking[] = {
#embed "words/networking.txt"
};
static const unsigned char node[] = {
#embed "words/node.txt"
};
static const unsigned char policy[] = {
#embed "words/policy.txt"
};
static const unsigned char rbac[] = {
#embed "words/rbac.txt"
};
static const unsigned char resource[] = {
#embed "words/resource.txt"
};
static const unsigned char scheduling[] = {
#embed "words/scheduling.txt"
};
static const unsigned char storage[] = {
#embed "words/storage.txt"
};

static const struct helmctl_declaration words[] = {
    WORDS(admissionregistration),
    WORDS(apiextensions),
    WORDS(apiregistration),
    WORDS(apps),
    WORDS(authentication),
    WORDS(authorization),
    WORDS(autoscaling),
    WORDS(batch),
    WORDS(certificates),
    WORDS(common),
    WORDS(coordination),
    WORDS(core),
    WORDS(discovery),
    WORDS(events),
    WORDS(flowcontrol),
    WORDS(meta),
    WORDS(networking),
    WORDS(node),
    WORDS(policy),
    WORDS(rbac),
    WORDS(resource),
    WORDS(scheduling),
    WORDS(storage),
};

unsigned long helmctl_words_count(void) { return sizeof words / sizeof *words; }

const struct helmctl_declaration *helmctl_words_at(unsigned long index) { return &words[index]; }
