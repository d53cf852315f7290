// Encodings
