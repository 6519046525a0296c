//! Whether a scan is a whole document of its format: one that was cut off or only begins like one
//! cannot be opened in years, when somebody asks for it (A3.15).
//!
//! Promises: looks at how the bytes are laid out, from the beginning to the end, and never decodes
//! them; what any reader opens passes. Memory does not grow with what the bytes say.

/// Bytes at the end of a PDF in which readers look for its end.
const PDF_TAIL_BYTES: usize = 2_048;

/// Bytes around the place of a table of a PDF: some scanners are a few off, and readers forgive it.
const PDF_NEAR_BYTES: usize = 32;

/// More pages than a scanned notice has.
const TIFF_PAGES_MAX: usize = 1_000;

/// Whether these bytes, which begin like this format, are all of it.
pub(super) fn is_whole(format: &str, bytes: &[u8]) -> bool {
    match format {
        "application/pdf" => pdf(bytes),
        "image/jpeg" => jpeg(bytes).is_some(),
        "image/png" => png(bytes).is_some(),
        "image/tiff" => tiff(bytes).is_some(),
        _ => false,
    }
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

/// Ends with where its table of objects is, and the table, or a stream of it, is there.
fn pdf(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(PDF_TAIL_BYTES)..];
    let Some(start) = find_last(tail, b"startxref") else { return false };
    let after = &tail[start + b"startxref".len()..];
    if find_last(after, b"%%EOF").is_none() {
        return false;
    }
    let digits: Vec<u8> = after
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take_while(u8::is_ascii_digit)
        .collect();
    let place = String::from_utf8(digits).ok().and_then(|text| text.parse::<usize>().ok());
    let Some(place) = place.filter(|place| *place < bytes.len()) else { return false };
    let end = bytes.len().min(place + PDF_NEAR_BYTES);
    let near = &bytes[place.saturating_sub(PDF_NEAR_BYTES)..end];
    find_last(near, b"xref").is_some() || find_last(near, b" obj").is_some()
}

fn pair(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Segments up to the end of the picture, which has a size and a scan.
fn jpeg(bytes: &[u8]) -> Option<()> {
    let (mut at, mut size, mut scan) = (2, false, false);
    loop {
        while bytes.get(at) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            0xD9 => return (size && scan).then_some(()),
            0x01 | 0xD0..=0xD7 => continue,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                size = pair(bytes, at + 3)? > 0 && pair(bytes, at + 5)? > 0;
            }
            _ => {}
        }
        at += usize::from(pair(bytes, at)?).max(2);
        if marker == 0xDA {
            scan = true;
            at = coded_end(bytes, at)?;
        }
        if bytes.get(at) != Some(&0xFF) {
            return None;
        }
    }
}

/// Where the next marker begins behind a scan.
fn coded_end(bytes: &[u8], from: usize) -> Option<usize> {
    let marks = |two: &[u8]| two[0] == 0xFF && !matches!(two[1], 0x00 | 0xD0..=0xD7 | 0xFF);
    bytes.get(from..)?.windows(2).position(marks).map(|at| from + at)
}

/// Chunks with the right checksums up to the end of the picture, which has a size and content.
fn png(bytes: &[u8]) -> Option<()> {
    let (mut at, mut first, mut content) = (8, true, false);
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let length = usize::try_from(length).ok()?;
        let end = at.checked_add(8)?.checked_add(length)?;
        let (named, sum) = (bytes.get(at + 4..end)?, bytes.get(end..end + 4)?);
        if crc32fast::hash(named).to_be_bytes() != sum {
            return None;
        }
        let (kind, data) = named.split_at(4);
        match kind {
            b"IHDR" if first => {
                let size = data.get(..8)?;
                (size[..4] != [0; 4] && size[4..] != [0; 4]).then_some(())?;
            }
            _ if first => return None,
            b"IDAT" => content = true,
            b"IEND" => return content.then_some(()),
            _ => {}
        }
        (at, first) = (end + 4, false);
    }
}

/// Numbers of a TIFF in its own byte order.
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Tiff<'_> {
    fn short(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        let number =
            if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
        Some(usize::from(number))
    }

    fn long(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number =
            if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        usize::try_from(number).ok()
    }

    /// The number at a place in the values of an entry; `None` past their end or the file's.
    fn value(&self, entry: usize, which: usize) -> Option<usize> {
        let (kind, count) = (self.short(entry + 2)?, self.long(entry + 4)?);
        let width = match kind {
            3 => 2,
            4 => 4,
            _ => return None,
        };
        if which >= count {
            return None;
        }
        let inside = count.checked_mul(width)? <= 4;
        let values = if inside { entry + 8 } else { self.long(entry + 8)? };
        let at = values.checked_add(which.checked_mul(width)?)?;
        if width == 2 { self.short(at) } else { self.long(at) }
    }

    /// Whether a page has a size and all of its strips or tiles, and where the next one is.
    fn page(&self, at: usize) -> Option<usize> {
        let entries = self.short(at)?;
        let place = |wanted: usize| {
            let mut all = (0..entries).map(|entry| at + 2 + entry * 12);
            all.find(|entry| self.short(*entry) == Some(wanted))
        };
        let positive = |tag| (self.value(place(tag)?, 0)? > 0).then_some(());
        positive(256)?;
        positive(257)?;
        let (offsets, counts) = place(273).zip(place(279)).or(place(324).zip(place(325)))?;
        let pieces = self.long(offsets + 4)?;
        (pieces > 0 && pieces == self.long(counts + 4)?).then_some(())?;
        for piece in 0..pieces {
            let end = self.value(offsets, piece)?.checked_add(self.value(counts, piece)?)?;
            (end <= self.bytes.len()).then_some(())?;
        }
        self.long(at + 2 + entries * 12)
    }
}

/// Every page with everything it says it has.
fn tiff(bytes: &[u8]) -> Option<()> {
    let tiff = Tiff { bytes, little: bytes.starts_with(b"II") };
    let mut at = tiff.long(4)?;
    for _ in 0..TIFF_PAGES_MAX {
        at = tiff.page(at)?;
        if at == 0 {
            return Some(());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pdf_file() -> Vec<u8> {
        let mut file = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n".to_vec();
        let place = file.len();
        file.extend(b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 2/Root 1 0 R>>\n");
        file.extend(format!("startxref\n{place}\n%%EOF\n").bytes());
        file
    }

    fn jpeg_file() -> Vec<u8> {
        let mut file = b"\xff\xd8\xff\xe0\0\x04JF".to_vec();
        file.extend(b"\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0");
        file.extend(b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\0\x34\xff\xd0\x56\xff\xd9");
        file
    }

    fn png_file() -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let chunks: [(&[u8; 4], &[u8]); 3] =
            [(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"), (b"IDAT", b"content"), (b"IEND", b"")];
        for (kind, data) in chunks {
            file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
            let named = [&kind[..], data].concat();
            file.extend(&named);
            file.extend(crc32fast::hash(&named).to_be_bytes());
        }
        file
    }

    fn tiff_file() -> Vec<u8> {
        let mut file = b"II*\0\x08\0\0\0".to_vec();
        file.extend(4_u16.to_le_bytes());
        for (tag, value) in [(256_u16, 8_u32), (257, 1), (273, 62), (279, 4)] {
            file.extend(tag.to_le_bytes());
            file.extend(4_u16.to_le_bytes());
            file.extend(1_u32.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        file.extend(0_u32.to_le_bytes());
        file.extend(b"scan");
        file
    }

    #[test]
    fn a_whole_scan_passes_and_none_that_is_cut_off_anywhere() {
        let files = [
            ("application/pdf", pdf_file()),
            ("image/jpeg", jpeg_file()),
            ("image/png", png_file()),
            ("image/tiff", tiff_file()),
        ];
        for (format, file) in files {
            assert!(is_whole(format, &file), "{format}");
            // The line end behind the last word of a PDF belongs to nothing.
            let end = if format == "application/pdf" { file.len() - 1 } else { file.len() };
            for length in 0..end {
                assert!(!is_whole(format, &file[..length]), "{format} {length}");
            }
        }
        assert!(!is_whole("application/pdf", b"%PDF-1.4 signed and sealed"));
    }

    #[test]
    fn a_table_that_is_not_there_and_a_changed_picture_are_found() {
        let file = String::from_utf8(pdf_file()).unwrap();
        assert!(!is_whole("application/pdf", file.replace("xref\n0 1", "rubbish ").as_bytes()));
        let mut file = png_file();
        file[45] ^= 1;
        assert!(!is_whole("image/png", &file));
        let mut file = tiff_file();
        // The first strip lies behind the end.
        file[42] = 0xFF;
        assert!(!is_whole("image/tiff", &file));
    }
}
