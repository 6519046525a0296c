//! Opening a recording: custom input only, and lists of what may be parsed.
//!
//! FFmpeg follows references out of a file if it is let: playlists, concatenations, external
//! data. So there is no protocol it may use, no format that refers to others, and names are never
//! given to it. What is refused says why.

use crate::link::{Link, Recording};
use ffmpeg_next::format::context::{Input, StreamIo};
use ffmpeg_next::{Dictionary, DictionaryRef, Error};
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use vault_media_protocol::{Order, TAG_BYTES_MAX, TAGS_MAX, Tag};

/// Containers that are parsed, by FFmpeg's names. None of them opens another file.
const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,mpegts,mpeg,mpegvideo,matroska,webm,avi,asf,flv,\
    ogg,wav,w64,mp3,aac,amr,amrnb,amrwb,flac,caf,aiff,au,h264,hevc,m4v,mjpeg,dhav,ivf,gif,\
    jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe";

/// Decoders that are run, by FFmpeg's names.
const CODECS: &str = "h264,hevc,mpeg4,mpeg2video,mpeg1video,h263,h263p,mjpeg,vp8,vp9,av1,libdav1d,\
    libaom-av1,msmpeg4,msmpeg4v1,msmpeg4v2,wmv1,wmv2,wmv3,vc1,flv,svq3,cinepak,rawvideo,aac,\
    aac_latm,mp3,mp3float,mp2,mp2float,mp1float,ac3,eac3,amrnb,amrwb,opus,libopus,vorbis,flac,alac,\
    pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_u8,pcm_s8,pcm_alaw,\
    pcm_mulaw,adpcm_ima_wav,adpcm_ms,adpcm_g722,g726,g726le,g729,gsm,gsm_ms,wmav1,wmav2,nellymoser,\
    speex,libspeex,png,bmp,tiff,webp,gif,mov_text,subrip,srt,webvtt,text";

/// Bytes looked at to find out the format and the streams.
const PROBE_BYTES: &str = "20000000";

/// Microseconds of a recording looked at to find out its streams.
const ANALYSE_US: &str = "10000000";

/// Streams a container may have before it is refused.
const STREAMS: &str = "1000";

/// The size of the buffer between FFmpeg and the socket.
const BUFFER_BYTES: usize = 64 << 10;

/// Pixels of one picture: beyond every camera of today, below what exhausts the memory.
pub(crate) const PIXELS_MAX: u64 = 150_000_000;

/// Why a recording is not examined.
pub(crate) struct Refusal {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// A fault of FFmpeg while something was done.
    pub(crate) fn of(error: Error, doing: &str) -> Self {
        Self::because(error, doing, "damaged")
    }

    /// A fault while a product was made: what is no fault of the recording is one of ours.
    pub(crate) fn making(error: Error, doing: &str) -> Self {
        Self::because(error, doing, "internal")
    }

    /// A product that could not be handed over.
    pub(crate) fn lost(error: &std::io::Error) -> Self {
        let reason = match error.raw_os_error() {
            Some(libc::EFBIG) => "product-too-large",
            _ => "internal",
        };
        Self::new(reason, error.to_string())
    }

    fn because(error: Error, doing: &str, otherwise: &'static str) -> Self {
        let reason = match error {
            Error::Exit | Error::Other { errno: libc::EPIPE | libc::EIO } => "read-failed",
            Error::DecoderNotFound | Error::PatchWelcome => "codec-refused",
            Error::Other { errno: libc::ENOMEM } => "too-large",
            Error::Other { errno: libc::EFBIG } => "product-too-large",
            _ => otherwise,
        };
        Self::new(reason, format!("{doing}: {error}"))
    }
}

/// Cuts a text at a character, so that it has at most that many bytes, and takes out zeros. Tags of
/// recorders are often not UTF-8, whatever their type says here; what is not is replaced.
pub(crate) fn cut(text: &str, bytes_max: usize) -> String {
    let text = String::from_utf8_lossy(text.as_bytes());
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "")
}

/// Opens the recording of an order.
pub(crate) fn open(link: &Arc<Link>, order: &Order) -> Result<Input, Refusal> {
    if order.bytes == 0 {
        return Err(Refusal::new("empty", ""));
    }
    // Before FFmpeg allocates anything for it: recognising a photo means decoding it.
    crate::probe::refuse_huge_photo(link, order)?;
    let recording = Recording::new(link, order.bytes);
    let stream = StreamIo::from_read_seek_with_capacity(recording, BUFFER_BYTES)
        .map_err(|error| Refusal::of(error, "input"))?;
    let mut options = Dictionary::new();
    // A protocol that does not exist: nothing can be opened beside the stream.
    options.set("protocol_whitelist", "none");
    options.set("format_whitelist", FORMATS);
    options.set("codec_whitelist", CODECS);
    options.set("probesize", PROBE_BYTES);
    options.set("analyzeduration", ANALYSE_US);
    options.set("max_streams", STREAMS);
    options.set("enable_drefs", "0");
    options.set("use_absolute_path", "0");
    ffmpeg_next::format::input_from_stream(stream, None, Some(options))
        .map_err(|error| why_not(link, order, error))
}

/// Finds words for why a recording could not be opened.
fn why_not(link: &Arc<Link>, order: &Order, error: Error) -> Refusal {
    let mut beginning = [0; 64];
    let mut recording = Recording::new(link, order.bytes);
    let length = recording.read(&mut beginning).unwrap_or(0);
    let beginning = &beginning[..length];
    if is_playlist(beginning) || matches!(error, Error::Other { errno: libc::EINVAL }) {
        return Refusal::new("format-refused", format!("open: {error}"));
    }
    if beginning.get(4..8) == Some(b"ftyp") && !has_index(&mut recording, order.bytes) {
        return Refusal::new("index-missing", "no moov box");
    }
    match error {
        Error::InvalidData if beginning.get(4..8) != Some(b"ftyp") => {
            Refusal::new("unknown-format", format!("open: {error}"))
        }
        _ => Refusal::of(error, "open"),
    }
}

/// Text that refers to other files, whatever stands before it.
fn is_playlist(beginning: &[u8]) -> bool {
    let beginning = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning);
    let beginning = beginning.trim_ascii_start();
    let starts: [&[u8]; 5] = [b"#EXTM3U", b"ffconcat", b"<?xml", b"[playlist]", b"v=0"];
    starts.iter().any(|start| beginning.starts_with(start))
}

/// Whether the boxes of an ISO media file lead to an index.
fn has_index(recording: &mut Recording, bytes: u64) -> bool {
    let mut at = 0;
    // A file with more boxes than this at its top is not a recording.
    for _ in 0..10_000 {
        let mut head = [0; 16];
        if at + 8 > bytes || recording.seek(SeekFrom::Start(at)).is_err() {
            return false;
        }
        let wanted = if at + 16 <= bytes { 16 } else { 8 };
        if recording.read_exact(&mut head[..wanted]).is_err() {
            return false;
        }
        let [a, b, c, d, kind @ .., _, _, _, _, _, _, _, _] = head;
        if &kind == b"moov" {
            return true;
        }
        let length = match u64::from(u32::from_be_bytes([a, b, c, d])) {
            1 => u64::from_be_bytes(head[8..].try_into().unwrap_or_default()),
            0 => return false,
            length => length,
        };
        if length < 8 {
            return false;
        }
        at = at.saturating_add(length);
    }
    false
}

/// Tags as they stand there, cut to their limits.
pub(crate) fn tags(dictionary: &DictionaryRef<'_>) -> Vec<Tag> {
    dictionary
        .iter()
        .take(TAGS_MAX)
        .map(|(name, value)| Tag {
            name: cut(name, TAG_BYTES_MAX),
            value: cut(value, TAG_BYTES_MAX),
        })
        .collect()
}
