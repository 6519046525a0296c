//! The table of contents of a HEIF file: which items make the picture, and where their bytes lie.
//!
//! Promises: every number is bounded before it is used; a table that breaks its own lengths is no
//! table. Never: decodes, reads anything but the table.

use std::collections::BTreeMap;

/// Tiles of one picture: a phone's 48 million pixels in tiles of 512 take 192.
const TILES_MAX: usize = 1_024;

/// Pieces one item lies in.
const EXTENTS_MAX: usize = 64;

/// Where bytes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the file, from this byte on, so many.
    File(u64, u64),
    /// In the table itself.
    Table(u64, u64),
}

/// A picture coded as H.265.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tile {
    /// Where its coded bytes lie.
    pub(super) places: Vec<Place>,
    /// Its decoder configuration, the content of `hvcC`.
    pub(super) configuration: Vec<u8>,
}

/// What makes the primary picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// Its tiles, row by row; one, where it is not tiled.
    pub(super) tiles: Vec<Tile>,
    /// Where the description of the grid lies; none, where it is not tiled.
    pub(super) grid: Option<Vec<Place>>,
    /// The bytes of the table's own items.
    pub(super) table: Vec<u8>,
    /// How far the picture is to be turned clockwise.
    pub(super) rotation: u32,
}

/// Reads numbers one after the other; `None` past the end.
struct Numbers<'a>(&'a [u8]);

impl<'a> Numbers<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of so many bytes, at most eight; zero of none.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let taken = self.take(bytes).filter(|taken| taken.len() <= 8)?;
        Some(taken.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

/// The boxes of a content: name and content of each.
fn boxes(mut content: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    while let Some((head, _)) = content.split_at_checked(8) {
        let mut length = Numbers(head).number(4).and_then(|length| usize::try_from(length).ok());
        if length == Some(0) {
            length = Some(content.len());
        }
        let Some((whole, rest)) = length
            .filter(|length| *length >= 8)
            .and_then(|length| content.split_at_checked(length))
        else {
            break;
        };
        found.push((&whole[4..8], &whole[8..]));
        content = rest;
    }
    found
}

fn content<'a>(boxes: &[(&'a [u8], &'a [u8])], name: &[u8]) -> Option<&'a [u8]> {
    boxes.iter().find(|(found, _)| *found == name).map(|(_, content)| *content)
}

/// Reads the content of a `meta` box.
pub(super) fn layout(meta: &[u8]) -> Option<Layout> {
    let parts = boxes(meta.get(4..)?);
    let mut numbers = Numbers(content(&parts, b"pitm")?);
    let wide = numbers.number(1)? > 0;
    numbers.take(3)?;
    let primary = numbers.number(if wide { 4 } else { 2 })?;
    let kinds = kinds(content(&parts, b"iinf")?)?;
    let places = places(content(&parts, b"iloc")?)?;
    let properties = boxes(content(&parts, b"iprp")?);
    let known = boxes(content(&properties, b"ipco")?);
    let owned = owned(content(&properties, b"ipma")?)?;
    let property = |item: u64, name: &[u8]| {
        let numbers = owned.get(&item)?.iter();
        let mut all = numbers.filter_map(|number| known.get(number.checked_sub(1)?));
        all.find(|(found, _)| *found == name).map(|(_, content)| *content)
    };
    let tile = |item: u64| {
        (kinds.get(&item)? == b"hvc1").then_some(())?;
        let configuration = property(item, b"hvcC")?.to_vec();
        Some(Tile { places: places.get(&item)?.clone(), configuration })
    };
    let turned = property(primary, b"irot").and_then(|content| content.first().copied());
    let is_grid = kinds.get(&primary)? == b"grid";
    let items = if is_grid { parts_of(content(&parts, b"iref")?, primary)? } else { vec![primary] };
    Some(Layout {
        tiles: items.into_iter().map(tile).collect::<Option<_>>()?,
        grid: if is_grid { Some(places.get(&primary)?.clone()) } else { None },
        table: content(&parts, b"idat").unwrap_or_default().to_vec(),
        // The box turns to the left.
        rotation: (360 - 90 * u32::from(turned.unwrap_or(0) & 3)) % 360,
    })
}

/// The kind of each item.
fn kinds(content: &[u8]) -> Option<BTreeMap<u64, [u8; 4]>> {
    let wide = *content.first()? > 0;
    let entries = boxes(content.get(if wide { 8 } else { 6 }..)?);
    let kind = |(_, entry): &(&[u8], &[u8])| {
        let mut numbers = Numbers(entry);
        let version = numbers.number(1)?;
        numbers.take(3)?;
        let item = numbers.number(if version > 2 { 4 } else { 2 })?;
        numbers.take(2)?;
        Some((item, numbers.take(4)?.try_into().ok()?))
    };
    Some(entries.iter().filter_map(kind).collect())
}

/// Where the bytes of each item lie.
fn places(content: &[u8]) -> Option<BTreeMap<u64, Vec<Place>>> {
    let mut numbers = Numbers(content);
    let version = numbers.number(1)?;
    numbers.take(3)?;
    let sizes = numbers.number(2)?;
    let size = |shift: u32| usize::try_from(sizes >> shift & 15).unwrap_or(0);
    let index_size = if version > 0 { size(0) } else { 0 };
    let count = numbers.number(if version > 1 { 4 } else { 2 })?;
    let mut found = BTreeMap::new();
    for _ in 0..count {
        let item = numbers.number(if version > 1 { 4 } else { 2 })?;
        let method = if version > 0 { numbers.number(2)? & 15 } else { 0 };
        numbers.take(2)?;
        let base = numbers.number(size(4))?;
        let extents = numbers.number(2)?;
        let mut places = Vec::new();
        for _ in 0..extents {
            numbers.take(index_size)?;
            let offset = base.checked_add(numbers.number(size(12))?)?;
            let length = numbers.number(size(8))?;
            match method {
                0 => places.push(Place::File(offset, length)),
                1 => places.push(Place::Table(offset, length)),
                _ => {}
            }
            if places.len() > EXTENTS_MAX {
                return None;
            }
        }
        found.insert(item, places);
    }
    Some(found)
}

/// The numbers of the properties of each item, counted from one.
fn owned(content: &[u8]) -> Option<BTreeMap<u64, Vec<usize>>> {
    let mut numbers = Numbers(content);
    let version = numbers.number(1)?;
    let wide = numbers.number(3)? & 1 == 1;
    let mut found: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for _ in 0..numbers.number(4)? {
        let item = numbers.number(if version > 0 { 4 } else { 2 })?;
        for _ in 0..numbers.number(1)? {
            // The highest bit says that the property matters, and is no part of its number.
            let (bytes, bits) = if wide { (2, 0x7FFF) } else { (1, 0x7F) };
            let number = usize::try_from(numbers.number(bytes)? & bits).ok()?;
            found.entry(item).or_default().push(number);
        }
    }
    Some(found)
}

/// The items a grid is put together from.
fn parts_of(content: &[u8], grid: u64) -> Option<Vec<u64>> {
    let size = if *content.first()? > 0 { 4 } else { 2 };
    for (name, reference) in boxes(content.get(4..)?) {
        let mut numbers = Numbers(reference);
        if name != b"dimg" || numbers.number(size)? != grid {
            continue;
        }
        let count = usize::try_from(numbers.number(2)?).ok().filter(|count| *count <= TILES_MAX)?;
        return (0..count).map(|_| numbers.number(size)).collect();
    }
    None
}

/// What a grid says of itself: columns, rows, width and height of the whole.
pub(super) fn grid(content: &[u8]) -> Option<(u32, u32, u32, u32)> {
    let mut numbers = Numbers(content);
    numbers.take(1)?;
    let size = if numbers.number(1)? & 1 == 1 { 4 } else { 2 };
    let (rows, columns) = (numbers.number(1)? + 1, numbers.number(1)? + 1);
    let (width, height) = (numbers.number(size)?, numbers.number(size)?);
    let narrow = |number: u64| u32::try_from(number).ok();
    Some((narrow(columns)?, narrow(rows)?, narrow(width)?, narrow(height)?))
}

/// The parameter sets of a decoder configuration, and the size of the lengths before coded parts.
pub(super) fn parameter_sets(configuration: &[u8]) -> Option<(Vec<u8>, usize)> {
    let length_size = usize::from(configuration.get(21)? & 3) + 1;
    let mut numbers = Numbers(configuration.get(22..)?);
    let mut stream = Vec::new();
    for _ in 0..numbers.number(1)? {
        numbers.take(1)?;
        for _ in 0..numbers.number(2)? {
            let length = usize::try_from(numbers.number(2)?).ok()?;
            stream.extend([0, 0, 0, 1]);
            stream.extend(numbers.take(length)?);
        }
    }
    Some((stream, length_size))
}

/// Coded parts with lengths before them, as a stream with marks between them.
pub(super) fn marked(item: &[u8], length_size: usize) -> Option<Vec<u8>> {
    let mut numbers = Numbers(item);
    let mut stream = Vec::with_capacity(item.len());
    while !numbers.0.is_empty() {
        let length = usize::try_from(numbers.number(length_size)?).ok()?;
        stream.extend([0, 0, 0, 1]);
        stream.extend(numbers.take(length)?);
    }
    Some(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&length[..], name, content].concat()
    }

    fn infe(item: u8, kind: &[u8]) -> Vec<u8> {
        boxed(b"infe", &[&[2, 0, 0, 0, 0, item, 0, 0][..], kind, &[0]].concat())
    }

    fn tiled() -> Vec<u8> {
        let entries = [infe(1, b"hvc1"), infe(2, b"hvc1"), infe(3, b"grid")].concat();
        let iinf = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 3][..], &entries].concat());
        let pitm = boxed(b"pitm", &[0, 0, 0, 0, 0, 3]);
        let lies = |item: u8, method: u8, at: u8, length: u8| {
            [0, item, 0, method, 0, 0, 0, 1, 0, 0, 0, at, 0, 0, 0, length]
        };
        let items = [lies(1, 0, 100, 10), lies(2, 0, 110, 20), lies(3, 1, 0, 8)].concat();
        let iloc = boxed(b"iloc", &[&[1, 0, 0, 0, 0x44, 0, 0, 3][..], &items].concat());
        let ipco = [boxed(b"hvcC", b"set"), boxed(b"irot", &[3])].concat();
        let ipma = [0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 1, 0x81, 0, 2, 1, 0x81, 0, 3, 1, 2];
        let iprp = boxed(b"iprp", &[boxed(b"ipco", &ipco), boxed(b"ipma", &ipma)].concat());
        let dimg = boxed(b"dimg", &[0, 3, 0, 2, 0, 1, 0, 2]);
        let iref = boxed(b"iref", &[&[0; 4][..], &dimg].concat());
        let idat = boxed(b"idat", &[0, 0, 0, 1, 4, 0, 2, 0]);
        [vec![0; 4], pitm, iinf, iloc, iprp, iref, idat].concat()
    }

    #[test]
    fn a_picture_of_tiles_is_laid_out() {
        let found = layout(&tiled()).unwrap();
        assert_eq!(found.tiles.len(), 2);
        assert_eq!(found.tiles[1].places, [Place::File(110, 20)]);
        assert_eq!(found.tiles[0].configuration, b"set");
        assert_eq!(found.grid, Some(vec![Place::Table(0, 8)]));
        assert_eq!(found.rotation, 90);
        assert_eq!(grid(&found.table), Some((2, 1, 1_024, 512)));
    }

    #[test]
    fn a_table_cut_anywhere_is_no_table_and_no_panic() {
        let whole = tiled();
        for end in 0..whole.len() - 16 {
            assert_eq!(layout(&whole[..end]), None, "{end}");
        }
        for place in 0..whole.len() {
            let mut bent = whole.clone();
            bent[place] = 0xFF;
            layout(&bent);
        }
    }

    #[test]
    fn coded_parts_are_marked() {
        assert_eq!(marked(&[0, 2, 7, 8, 0, 1, 9], 2).unwrap(), [0, 0, 0, 1, 7, 8, 0, 0, 0, 1, 9]);
        assert_eq!(marked(&[0, 9, 7], 2), None);
        let configuration = [&[0; 21][..], &[3, 1, 0x20, 0, 1, 0, 2, 5, 6]].concat();
        assert_eq!(parameter_sets(&configuration), Some((vec![0, 0, 0, 1, 5, 6], 4)));
    }
}
