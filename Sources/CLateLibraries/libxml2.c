// Hidden, so that the library does not call these in place of its own. Set before the headers, which declare the same names.
#pragma GCC visibility push(hidden)
#include "../CLibXML2/shim.h"
#include "late.h"

// The number in the name changes when programs that were built with older headers would not run any more.
static struct late_library libxml2 = {
#if LIBXML_VERSION < 21400
    "libxml2.so.2"
#else
    "libxml2.so.16"
#endif
};

LATE(libxml2, xmlNodePtr, xmlAddChild, (xmlNodePtr a, xmlNodePtr b), (a, b))
LATE(libxml2, long, xmlByteConsumed, (xmlParserCtxtPtr a), (a))
LATE(libxml2, xmlParserCtxtPtr, xmlCreatePushParserCtxt, (xmlSAXHandlerPtr a, void *b, const char *c, int d, const char *e),
     (a, b, c, d, e))
LATE(libxml2, int, xmlCtxtResetPush, (xmlParserCtxtPtr a, const char *b, int c, const char *d, const char *e),
     (a, b, c, d, e))
LATE(libxml2, int, xmlCtxtUseOptions, (xmlParserCtxtPtr a, int b), (a, b))
LATE(libxml2, void, xmlDictFree, (xmlDictPtr a), (a))
LATE(libxml2, const xmlChar *, xmlDictLookup, (xmlDictPtr a, const xmlChar *b, int c), (a, b, c))
LATE(libxml2, int, xmlDictReference, (xmlDictPtr a), (a))
LATE(libxml2, int, xmlDictSize, (xmlDictPtr a), (a))
LATE(libxml2, xmlNodePtr, xmlDocSetRootElement, (xmlDocPtr a, xmlNodePtr b), (a, b))
LATE(libxml2, void, xmlFreeDoc, (xmlDocPtr a), (a))
LATE(libxml2, void, xmlFreeNode, (xmlNodePtr a), (a))
LATE(libxml2, void, xmlFreeParserCtxt, (xmlParserCtxtPtr a), (a))
LATE(libxml2, void, xmlInitParser, (void), ())
LATE(libxml2, xmlDocPtr, xmlNewDoc, (const xmlChar *a), (a))
LATE(libxml2, xmlNodePtr, xmlNewDocNode, (xmlDocPtr a, xmlNsPtr b, const xmlChar *c, const xmlChar *d), (a, b, c, d))
LATE(libxml2, xmlParserInputPtr, xmlNewIOInputStream, (xmlParserCtxtPtr a, xmlParserInputBufferPtr b, xmlCharEncoding c),
     (a, b, c))
LATE(libxml2, xmlNsPtr, xmlNewNs, (xmlNodePtr a, const xmlChar *b, const xmlChar *c), (a, b, c))
LATE(libxml2, xmlAttrPtr, xmlNewNsProp, (xmlNodePtr a, xmlNsPtr b, const xmlChar *c, const xmlChar *d), (a, b, c, d))
// Since 2.13 it says whether there was memory.
LATE(libxml2, __typeof__(xmlNodeAddContentLen(NULL, NULL, 0)), xmlNodeAddContentLen,
     (xmlNodePtr a, const xmlChar *b, int c), (a, b, c))
LATE(libxml2, int, xmlParseChunk, (xmlParserCtxtPtr a, const char *b, int c, int d), (a, b, c, d))
LATE(libxml2, xmlParserInputBufferPtr, xmlParserInputBufferCreateMem, (const char *a, int b, xmlCharEncoding c), (a, b, c))
LATE(libxml2, int, xmlSAX2GetLineNumber, (void *a), (a))
LATE(libxml2, xmlNsPtr, xmlSearchNs, (xmlDocPtr a, xmlNodePtr b, const xmlChar *c), (a, b, c))
LATE(libxml2, void, xmlSetExternalEntityLoader, (xmlExternalEntityLoader a), (a))
LATE(libxml2, void, xmlSetNs, (xmlNodePtr a, xmlNsPtr b), (a, b))
LATE(libxml2, void, xmlSetStructuredErrorFunc, (void *a, xmlStructuredErrorFunc b), (a, b))
LATE(libxml2, void, xmlStopParser, (xmlParserCtxtPtr a), (a))
LATE(libxml2, int, xmlStrEqual, (const xmlChar *a, const xmlChar *b), (a, b))
LATE(libxml2, xmlChar *, xmlStrdup, (const xmlChar *a), (a))
LATE(libxml2, void, xmlUnlinkNode, (xmlNodePtr a), (a))

#if defined(LIBXML_SCHEMAS_ENABLED)
LATE(libxml2, void, xmlSchemaFree, (xmlSchemaPtr a), (a))
LATE(libxml2, void, xmlSchemaFreeParserCtxt, (xmlSchemaParserCtxtPtr a), (a))
LATE(libxml2, void, xmlSchemaFreeValidCtxt, (xmlSchemaValidCtxtPtr a), (a))
LATE(libxml2, xmlSchemaParserCtxtPtr, xmlSchemaNewParserCtxt, (const char *a), (a))
LATE(libxml2, xmlSchemaValidCtxtPtr, xmlSchemaNewValidCtxt, (xmlSchemaPtr a), (a))
LATE(libxml2, xmlSchemaPtr, xmlSchemaParse, (xmlSchemaParserCtxtPtr a), (a))
LATE(libxml2, xmlSchemaSAXPlugPtr, xmlSchemaSAXPlug, (xmlSchemaValidCtxtPtr a, xmlSAXHandlerPtr *b, void **c), (a, b, c))
LATE(libxml2, int, xmlSchemaSAXUnplug, (xmlSchemaSAXPlugPtr a), (a))
LATE(libxml2, void, xmlSchemaSetParserStructuredErrors, (xmlSchemaParserCtxtPtr a, xmlStructuredErrorFunc b, void *c),
     (a, b, c))
LATE(libxml2, void, xmlSchemaSetValidStructuredErrors, (xmlSchemaValidCtxtPtr a, xmlStructuredErrorFunc b, void *c),
     (a, b, c))
#endif

#if defined(FTALLY_RELAXNG)
LATE(libxml2, void, xmlRelaxNGFree, (xmlRelaxNGPtr a), (a))
LATE(libxml2, void, xmlRelaxNGFreeParserCtxt, (xmlRelaxNGParserCtxtPtr a), (a))
LATE(libxml2, void, xmlRelaxNGFreeValidCtxt, (xmlRelaxNGValidCtxtPtr a), (a))
LATE(libxml2, xmlRelaxNGParserCtxtPtr, xmlRelaxNGNewParserCtxt, (const char *a), (a))
LATE(libxml2, xmlRelaxNGValidCtxtPtr, xmlRelaxNGNewValidCtxt, (xmlRelaxNGPtr a), (a))
LATE(libxml2, xmlRelaxNGPtr, xmlRelaxNGParse, (xmlRelaxNGParserCtxtPtr a), (a))
LATE(libxml2, void, xmlRelaxNGSetParserStructuredErrors, (xmlRelaxNGParserCtxtPtr a, xmlStructuredErrorFunc b, void *c),
     (a, b, c))
LATE(libxml2, void, xmlRelaxNGSetValidStructuredErrors, (xmlRelaxNGValidCtxtPtr a, xmlStructuredErrorFunc b, void *c),
     (a, b, c))
LATE(libxml2, int, xmlRelaxNGValidateDoc, (xmlRelaxNGValidCtxtPtr a, xmlDocPtr b), (a, b))
#endif
