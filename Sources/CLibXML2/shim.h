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
