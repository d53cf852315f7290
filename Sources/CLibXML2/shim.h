#pragma once
// What Swift cannot say in a way that compiles against every libxml2 from 2.9.14 to 2.15: members that newer headers mark
// as deprecated, and functions that moved between headers.

// Where libxml2 was built with ICU, its headers would bring ICU's, which clash with those inside Foundation as soon as one
// module sees both. Only a struct that we never touch depends on it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/SAX2.h>
#include <libxml/dict.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

/// Bytes that the parser has consumed. O(1), because no encoder stands between our UTF-8 and the parser.
static inline long ftally_xml_offset(xmlParserCtxtPtr parser) { return xmlByteConsumed(parser); }
/// Line of the place that it has reached, from 1.
static inline int ftally_xml_line(xmlParserCtxtPtr parser) { return xmlSAX2GetLineNumber(parser); }
static inline int ftally_xml_is_well_formed(xmlParserCtxtPtr parser) { return parser->wellFormed; }
/// The parser's own pointer for `name`: the one that its events carry. It lives as long as the parser.
static inline const xmlChar *ftally_xml_intern(xmlParserCtxtPtr parser, const unsigned char *name, int count) {
  return xmlDictLookup(parser->dict, name, count);
}
/// Names that the parser knows, of all documents that it has read.
static inline int ftally_xml_names(xmlParserCtxtPtr parser) { return xmlDictSize(parser->dict); }
/// Gives a parser that has read nothing yet the names of another, with their pointers; 0 when it has them.
static inline int ftally_xml_take_names(xmlParserCtxtPtr parser, xmlParserCtxtPtr other) {
  if (xmlDictReference(other->dict) != 0) return -1;
  xmlDictFree(parser->dict);
  parser->dict = other->dict;
  return 0;
}
#include <libxml/tree.h>
#include <libxml/xmlIO.h>
/// Makes a push parser ready for another document; 0 when it is. What older versions leave of the last one decides where they
/// notice that a document is cut off, so it is put to what a new parser begins with.
static inline int ftally_xml_restart(xmlParserCtxtPtr parser) {
  int code = xmlCtxtResetPush(parser, NULL, 0, NULL, NULL);
#if LIBXML_VERSION < 21200
  parser->progressive = 0;
  parser->checkIndex = 0;
  parser->charset = XML_CHAR_ENCODING_NONE;
#endif
  return code;
}

// XSD and RELAX NG may be left out of a libxml2; the structs of both are private to it, so that they are handed around as
// pointers to nothing in particular.
#if defined(LIBXML_SCHEMAS_ENABLED)
#include <libxml/xmlschemas.h>
#endif
#if defined(LIBXML_RELAXNG_ENABLED) || (LIBXML_VERSION < 21400 && defined(LIBXML_SCHEMAS_ENABLED))
#include <libxml/relaxng.h>
#define FTALLY_RELAXNG 1
#endif

static inline int ftally_has_xsd(void) {
#if defined(LIBXML_SCHEMAS_ENABLED)
  return 1;
#else
  return 0;
#endif
}
static inline int ftally_has_relaxng(void) {
#if defined(FTALLY_RELAXNG)
  return 1;
#else
  return 0;
#endif
}

/// The schema at `url`, which comes from the entity loader; NULL when it is not one.
static inline void *ftally_xsd_parse(const char *url, xmlStructuredErrorFunc report, void *context) {
#if defined(LIBXML_SCHEMAS_ENABLED)
  xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(url);
  if (parser == NULL) return NULL;
  xmlSchemaSetParserStructuredErrors(parser, report, context);
  xmlSchemaPtr schema = xmlSchemaParse(parser);
  xmlSchemaFreeParserCtxt(parser);
  return schema;
#else
  return NULL;
#endif
}
static inline void ftally_xsd_free(void *schema) {
#if defined(LIBXML_SCHEMAS_ENABLED)
  xmlSchemaFree((xmlSchemaPtr)schema);
#endif
}

/// One document on its way through an XSD. libxml2 lends the handler that its own SAX validation would be.
struct ftally_xsd_run {
  void *validator;
  void *plug;
  xmlSAXHandlerPtr handler;
  void *user;
};
static inline int ftally_xsd_begin(struct ftally_xsd_run *run, void *schema, xmlStructuredErrorFunc report,
                                   void *context) {
#if defined(LIBXML_SCHEMAS_ENABLED)
  xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt((xmlSchemaPtr)schema);
  if (validator == NULL) return 0;
  xmlSchemaSetValidStructuredErrors(validator, report, context);
  run->validator = validator;
  run->handler = NULL;
  run->user = NULL;
  run->plug = xmlSchemaSAXPlug(validator, &run->handler, &run->user);
  return run->plug != NULL && run->handler != NULL;
#else
  return 0;
#endif
}
static inline void ftally_xsd_end(struct ftally_xsd_run *run) {
#if defined(LIBXML_SCHEMAS_ENABLED)
  if (run->plug != NULL) xmlSchemaSAXUnplug((xmlSchemaSAXPlugPtr)run->plug);
  xmlSchemaFreeValidCtxt((xmlSchemaValidCtxtPtr)run->validator);
#endif
}

static inline void *ftally_relaxng_parse(const char *url, xmlStructuredErrorFunc report, void *context) {
#if defined(FTALLY_RELAXNG)
  xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(url);
  if (parser == NULL) return NULL;
  xmlRelaxNGSetParserStructuredErrors(parser, report, context);
  xmlRelaxNGPtr schema = xmlRelaxNGParse(parser);
  xmlRelaxNGFreeParserCtxt(parser);
  return schema;
#else
  return NULL;
#endif
}
static inline void ftally_relaxng_free(void *schema) {
#if defined(FTALLY_RELAXNG)
  xmlRelaxNGFree((xmlRelaxNGPtr)schema);
#endif
}
/// 0 when the document is valid.
static inline int ftally_relaxng_validate(void *schema, xmlDocPtr document, xmlStructuredErrorFunc report,
                                          void *context) {
#if defined(FTALLY_RELAXNG)
  xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt((xmlRelaxNGPtr)schema);
  if (validator == NULL) return -1;
  xmlRelaxNGSetValidStructuredErrors(validator, report, context);
  int result = xmlRelaxNGValidateDoc(validator, document);
  xmlRelaxNGFreeValidCtxt(validator);
  return result;
#else
  return -1;
#endif
}
