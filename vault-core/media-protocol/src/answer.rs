//! What the worker answers: integers and short texts only, every list bounded.

use crate::{
    ANSWER_BYTES_MAX, FINDINGS_MAX, FrameError, SHEET_FRAMES_MAX, STREAMS_MAX, TAG_BYTES_MAX,
    TAGS_MAX,
};
use serde::{Deserialize, Serialize};

/// The end of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Answer {
    /// It was done.
    Done(Box<Report>),
    /// It could not be done; the recording is "not examinable", and why.
    Declined(Declined),
}

/// Why a recording was not examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declined {
    /// A stable code: `empty`, `unknown-format`, `format-refused`, `codec-refused`,
    /// `index-missing`, `damaged`, `too-large`, `no-sound`, `no-picture`, `read-failed`,
    /// `product-too-large`, `internal`.
    pub reason: String,
    /// The worker's words, for an operator.
    pub detail: String,
}

/// What was found out. Absent facts are `None`, empty or 0 where a field says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Worker, version and libraries: `vault-media 0.1.0, libavformat 59.27.100, …`.
    pub engine: String,
    /// FFmpeg's name of the container, `mov,mp4,m4a,3gp,3g2,mj2`, `image2`, `jpeg_pipe` …
    pub container: String,
    /// Length in microseconds, as the packets say; the container's claim is not trusted.
    pub duration_us: Option<i64>,
    /// Length in microseconds as the container claims.
    pub claimed_duration_us: Option<i64>,
    /// Time stamp of the first packet, in microseconds.
    pub start_us: Option<i64>,
    /// Tags of the container.
    pub tags: Vec<Tag>,
    /// Streams, the first `STREAMS_MAX` of them.
    pub streams: Vec<StreamFacts>,
    /// How many streams there are.
    pub streams_total: u32,
    /// What a photo says of itself.
    pub exif: Option<ExifFacts>,
    /// What was noticed, in the order of time, the first `FINDINGS_MAX`.
    pub findings: Vec<Finding>,
    /// How many findings there are.
    pub findings_total: u64,
    /// Whether a browser surely plays the original: H.264 or VP8/VP9/AV1 8 bit 4:2:0 with AAC,
    /// Opus, Vorbis or MP3 in MP4, WebM or Ogg; MP3, WAV PCM, FLAC; JPEG, PNG, GIF, WebP.
    pub plays_in_browser: bool,
    /// Times on the contact sheet, where one was made.
    pub sheet: Option<SheetFacts>,
    /// Time of the poster in microseconds, where one was made.
    pub poster_us: Option<i64>,
    /// What an excerpt covers, where one was made.
    #[serde(default)]
    pub excerpt: Option<ExcerptFacts>,
    /// Parameters of every product made: `proxy: libx264 crf 26 …`; the recipe on record.
    pub recipes: Vec<Tag>,
}

/// What an excerpt covers, and what it lies in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExcerptFacts {
    /// Begin of what is in it, in microseconds from the first packet of the recording.
    pub begins_us: i64,
    /// End of it.
    pub ends_us: i64,
    /// FFmpeg's name of its container: `mp4`, `mov`, `matroska`, `wav` …
    pub container: String,
}

/// A name and a value that stood in the recording. Claims, not facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name, as it stood there.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What a stream carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
    /// A still picture, or a cover.
    Picture,
    /// Text in time.
    Subtitle,
    /// Anything else: positions, telemetry.
    #[default]
    Data,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamFacts {
    /// Its number.
    pub index: u32,
    /// What it carries.
    pub medium: Medium,
    /// FFmpeg's name of the codec: `h264`, `hevc`, `aac`, `pcm_s16le`, `amr_nb` …
    pub codec: String,
    /// Width in pixels before turning; 0 for sound.
    pub width: u32,
    /// Height in pixels before turning.
    pub height: u32,
    /// How far the picture is to be turned clockwise: 0, 90, 180, 270.
    pub rotation: u32,
    /// Frames per second on average, as a fraction; 0/0 where unknown.
    pub frame_rate: (u32, u32),
    /// Whether the distance between pictures varies by more than a tenth.
    pub frame_rate_varies: bool,
    /// FFmpeg's name of the pixel format.
    pub pixel_format: String,
    /// Samples per second; 0 for pictures.
    pub sample_rate: u32,
    /// Channels of sound.
    pub channels: u32,
    /// Length in microseconds, by its packets.
    pub duration_us: i64,
    /// Packets.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Tags of the stream.
    pub tags: Vec<Tag>,
}

/// EXIF of a photo, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExifFacts {
    /// Maker and model of the camera.
    pub device: String,
    /// Serial number of the camera's body.
    pub serial: String,
    /// When the picture was taken, `YYYY:MM:DD HH:MM:SS`.
    pub taken: String,
    /// Offset of that time from UTC, `+08:00`; empty where not said.
    pub offset: String,
    /// Time by satellite, `YYYY:MM:DD HH:MM:SS`, UTC.
    pub gps_time: String,
    /// Latitude in millionths of a degree, north positive.
    pub latitude_e6: Option<i64>,
    /// Longitude in millionths of a degree, east positive.
    pub longitude_e6: Option<i64>,
    /// How far the picture is to be turned clockwise: 0, 90, 180, 270.
    pub rotation: u32,
}

/// What kind of thing was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingClass {
    /// Nothing between two packets for longer than they should be apart. Measure: microseconds
    /// that are missing.
    Gap,
    /// Packets that lie over each other. Measure: microseconds.
    Overlap,
    /// Time stamps that leap, forwards or backwards, beyond a gap. Measure: microseconds.
    Jump,
    /// Packets marked corrupt by the container. Measure: how many.
    Corrupt,
    /// The file ends before its container says. Measure: microseconds that are missing.
    Truncated,
    /// Black pictures. Measure: mean brightness in thousandths.
    Black,
    /// Pictures that do not change. Measure: mean difference in millionths.
    Frozen,
    /// Sound below the threshold. Measure: loudest level in hundredths of dBFS.
    Silent,
}

/// A stretch that was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What.
    pub class: FindingClass,
    /// In which stream.
    pub stream: u32,
    /// Begin, in microseconds from the first packet.
    pub from_us: i64,
    /// End.
    pub to_us: i64,
    /// How much, in the unit of its class.
    pub measure: i64,
}

/// How a contact sheet is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetFacts {
    /// Pictures in a row.
    pub columns: u32,
    /// Width of one picture in pixels.
    pub width: u32,
    /// Height of one picture in pixels.
    pub height: u32,
    /// The time of each, in microseconds, row by row.
    pub times_us: Vec<i64>,
}

impl Answer {
    /// Reads an answer and checks every bound; what breaks one is no answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
        if bytes.len() > ANSWER_BYTES_MAX {
            return Err(FrameError::TooLong(bytes.len()));
        }
        let answer: Self = serde_json::from_slice(bytes).map_err(FrameError::Answer)?;
        let bounded = match &answer {
            Self::Declined(declined) => short(&declined.reason) && short(&declined.detail),
            Self::Done(report) => report.is_bounded(),
        };
        if bounded { Ok(answer) } else { Err(FrameError::Bounds) }
    }
}

fn short(text: &str) -> bool {
    text.len() <= TAG_BYTES_MAX && !text.contains('\0')
}

fn short_tags(tags: &[Tag]) -> bool {
    tags.len() <= TAGS_MAX && tags.iter().all(|tag| short(&tag.name) && short(&tag.value))
}

impl Report {
    fn is_bounded(&self) -> bool {
        let texts = [&self.engine, &self.container];
        let exif = self.exif.iter().flat_map(|exif| {
            [&exif.device, &exif.serial, &exif.taken, &exif.offset, &exif.gps_time]
        });
        texts.into_iter().chain(exif).all(|text| short(text))
            && short_tags(&self.tags)
            && short_tags(&self.recipes)
            && self.streams.len() <= STREAMS_MAX
            && self.streams.iter().all(StreamFacts::is_bounded)
            && self.findings.len() <= FINDINGS_MAX
            && self.findings.iter().all(|finding| finding.from_us <= finding.to_us)
            && self.excerpt.as_ref().is_none_or(|excerpt| {
                short(&excerpt.container)
                    && excerpt.begins_us >= 0
                    && excerpt.begins_us < excerpt.ends_us
            })
            && self.sheet.as_ref().is_none_or(|sheet| sheet.times_us.len() <= SHEET_FRAMES_MAX)
    }
}

impl StreamFacts {
    fn is_bounded(&self) -> bool {
        short(&self.codec) && short(&self.pixel_format) && short_tags(&self.tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report { engine: "vault-media".into(), ..Report::default() }
    }

    fn parsed(report: Report) -> Result<Answer, FrameError> {
        Answer::parse(&serde_json::to_vec(&Answer::Done(Box::new(report))).unwrap())
    }

    #[test]
    fn an_answer_within_its_bounds_is_read_as_it_was_written() {
        let answer = parsed(report()).unwrap();
        assert_eq!(answer, Answer::Done(Box::new(report())));
    }

    #[test]
    fn an_answer_that_breaks_a_bound_is_no_answer() {
        let tag = |length| Tag { name: "n".into(), value: "v".repeat(length) };
        let finding =
            Finding { class: FindingClass::Gap, stream: 0, from_us: 5, to_us: 4, measure: 0 };
        let sheet = SheetFacts { columns: 1, width: 1, height: 1, times_us: vec![0; 65] };
        for bad in [
            Report { tags: vec![tag(TAG_BYTES_MAX + 1)], ..report() },
            Report { tags: vec![tag(1); TAGS_MAX + 1], ..report() },
            Report { container: "a\0b".into(), ..report() },
            Report { streams: vec![StreamFacts::default(); STREAMS_MAX + 1], ..report() },
            Report { findings: vec![finding], ..report() },
            Report { sheet: Some(sheet), ..report() },
        ] {
            assert!(matches!(parsed(bad), Err(FrameError::Bounds)));
        }
        assert!(matches!(Answer::parse(b"{}"), Err(FrameError::Answer(_))));
        assert!(matches!(
            Answer::parse(&vec![b' '; ANSWER_BYTES_MAX + 1]),
            Err(FrameError::TooLong(_))
        ));
    }
}
