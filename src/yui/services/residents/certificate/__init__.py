"""The copy of the resident record (住民票の写し) as a PDF whose name glyphs are right, or none at all."""
