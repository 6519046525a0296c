//! What the sandboxed worker finds in real recordings, and that hostile ones get nowhere.
//!
//! Every recording is made by a real program here; what the worker says is held against how it was
//! made. Serves R01, R06, R07 and reliability promise P34.

mod excerpts;
mod hostile;
mod mutants;
mod previews;

use std::path::Path;
use vault_media_protocol::{FindingClass, Medium, Product, Task};
use vault_tests::media::{Done, Studio, Worker, examine, order, program};

fn probe(file: &Path) -> Done {
    examine(Task::Probe, file, &[]).unwrap()
}

/// A test picture and a tone, with the words for their coding.
fn film(seconds: u32, rate: u32, coding: &str) -> String {
    format!(
        "-f lavfi -i testsrc2=size=320x240:rate={rate} -f lavfi -i sine=440:sample_rate=48000 \
         -t {seconds} -map 0:v -map 1:a {coding}"
    )
}

const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";
const H264_REORDERED: &str = "-c:v libx264 -preset veryfast -bf 3 -g 25 -pix_fmt yuv420p -c:a aac";

fn near(found: i64, wanted: i64, allowed: i64) -> bool {
    (found - wanted).abs() <= allowed
}

#[test]
fn the_worker_says_which_walls_stand() {
    let output = std::process::Command::new(program().unwrap()).arg("--check").output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success());
    assert_eq!(said["landlock"], "full", "{said}");
    for wall in ["limits", "no_capabilities", "no_new_privileges", "seccomp"] {
        assert_eq!(said[wall], true, "{said}");
    }
}

#[test]
fn an_ordinary_film_is_described_as_it_was_made() {
    let studio = Studio::new().unwrap();
    let tags = "-metadata creation_time=2026-10-12T01:15:00Z -metadata \
        location=+43.8868+125.3245/ -movflags use_metadata_tags -metadata \
        com.apple.quicktime.make=DSJ";
    let file = studio.ffmpeg(&film(10, 25, &format!("{H264_REORDERED} {tags} film.mp4"))).unwrap();
    let done = probe(&file);
    let report = done.report();
    assert_eq!(report.container, "mov,mp4,m4a,3gp,3g2,mj2");
    assert_eq!((report.findings_total, report.streams_total), (0, 2), "{:?}", report.findings);
    assert!(near(report.duration_us.unwrap(), 10_000_000, 45_000), "{report:?}");
    assert!(report.plays_in_browser);
    let [picture, sound] = &report.streams[..] else { panic!("{:?}", report.streams) };
    assert_eq!((picture.medium, picture.codec.as_str()), (Medium::Video, "h264"));
    assert_eq!((picture.width, picture.height, picture.packets), (320, 240, 250));
    assert_eq!((picture.frame_rate, picture.frame_rate_varies), ((25, 1), false));
    assert_eq!((sound.codec.as_str(), sound.sample_rate, sound.channels), ("aac", 48_000, 1));
    let value = |name: &str| report.tags.iter().find(|tag| tag.name == name).map(|tag| &*tag.value);
    assert_eq!(value("com.apple.quicktime.make"), Some("DSJ"));
    assert!(value("creation_time").is_some_and(|time| time.starts_with("2026-10-12T01:15:00")));
    assert!(report.engine.contains("libavformat"));
}

#[test]
fn the_containers_and_codecs_of_recorders_are_known() {
    let studio = Studio::new().unwrap();
    let h265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p \
        -tag:v hvc1 -c:a aac";
    let sound = "-f lavfi -i sine=440:sample_rate=16000 -t 3";
    let made = [
        (film(3, 25, &format!("{h265} h265.mp4")), "hevc", false),
        (film(3, 25, &format!("{H264} stream.ts")), "h264", false),
        (film(3, 25, "-c:v mjpeg -c:a pcm_s16le camera.avi"), "mjpeg", false),
        (film(3, 25, "-c:v mpeg4 -c:a mp3 old.avi"), "mpeg4", false),
        (film(3, 25, &format!("{H264} film.mkv")), "h264", false),
        (film(3, 25, "-c:v libvpx -deadline realtime -c:a libopus film.webm"), "vp8", true),
        (format!("{sound} -c:a pcm_s16le sound.wav"), "pcm_s16le", true),
        (format!("{sound} -ar 8000 -c:a pcm_alaw phone.wav"), "pcm_alaw", false),
        (format!("{sound} -c:a libmp3lame sound.mp3"), "mp3", true),
        (format!("{sound} -c:a flac sound.flac"), "flac", true),
        (format!("{sound} -c:a libvorbis sound.ogg"), "vorbis", true),
    ];
    let mut worker = Worker::start(&[]).unwrap();
    for (words, codec, plays) in made {
        let file = studio.ffmpeg(&words).unwrap();
        let done = worker.carry_out(&order(Task::Probe, &file, &[]).unwrap(), &file).unwrap();
        let report = done.report();
        assert_eq!((&*report.streams[0].codec, report.plays_in_browser), (codec, plays), "{words}");
        assert!(near(report.duration_us.unwrap(), 3_000_000, 130_000), "{words}: {report:?}");
        assert_eq!(report.findings_total, 0, "{words}: {:?}", report.findings);
    }
    studio
        .run("sox", &["sound.wav", "-r", "8000", "-c", "1", "-t", "amr-nb", "sound.amr"])
        .unwrap();
    let done = probe(&studio.path("sound.amr"));
    assert_eq!(done.report().streams[0].codec, "amr_nb");
    assert!(worker.close().unwrap().success());
}

#[test]
fn a_gap_cut_into_a_transport_stream_is_found_within_40_milliseconds() {
    let studio = Studio::new().unwrap();
    let words = film(20, 25, &format!("{H264_REORDERED} -mpegts_flags resend_headers whole.ts"));
    studio.ffmpeg(&words).unwrap();
    studio.ffmpeg("-i whole.ts -t 8 -c copy -copyts -muxdelay 0 first.ts").unwrap();
    studio.ffmpeg("-ss 13 -i whole.ts -c copy -copyts -muxdelay 0 second.ts").unwrap();
    let times = |name: &str| {
        let listed = studio.ffprobe("packet=stream_index,pts_time", name).unwrap();
        let mut times: Vec<f64> = listed
            .lines()
            .filter_map(|line| line.strip_prefix("0,")?.trim_end_matches(',').parse().ok())
            .collect();
        times.sort_by(f64::total_cmp);
        times
    };
    let (first, second) = (times("first.ts"), times("second.ts"));
    let bytes = [std::fs::read(studio.path("first.ts")), std::fs::read(studio.path("second.ts"))];
    let joined = bytes.map(Result::unwrap).concat();
    let done = probe(&studio.file("cut.ts", &joined).unwrap());
    let gaps = done.findings(FindingClass::Gap);
    let gap = gaps.iter().find(|gap| gap.stream == 0).expect("a gap in the pictures");
    let microseconds = |seconds: f64| (seconds * 1e6).round() as i64;
    let origin = done.report().start_us.unwrap();
    let wanted_from = microseconds(first.last().unwrap() + 0.04) - origin;
    let wanted_to = microseconds(second[0]) - origin;
    assert!(near(gap.from_us, wanted_from, 40_000), "{gap:?}, not {wanted_from}");
    assert!(near(gap.to_us, wanted_to, 40_000), "{gap:?}, not {wanted_to}");
    assert!(gaps.iter().any(|gap| gap.stream == 1), "{gaps:?}");
}

#[test]
fn a_clock_that_wraps_around_is_no_finding_and_one_that_is_set_is_a_leap() {
    let studio = Studio::new().unwrap();
    // The clock of a transport stream has 33 bits: it begins anew after 26.5 hours.
    let late = "-mpegts_flags resend_headers -output_ts_offset 95438 wraps.ts";
    let done = probe(&studio.ffmpeg(&film(12, 25, &format!("{H264} {late}"))).unwrap());
    assert_eq!(done.report().findings_total, 0, "{:?}", done.report().findings);
    assert!(near(done.report().duration_us.unwrap(), 12_000_000, 100_000));
    let set = format!("{H264_REORDERED} -output_ts_offset 20000 set.ts");
    let parts = [
        studio.ffmpeg(&film(6, 25, &format!("{H264_REORDERED} first.ts"))).unwrap(),
        studio.ffmpeg(&film(6, 25, &set)).unwrap(),
    ]
    .map(|part| std::fs::read(part).unwrap());
    let done = probe(&studio.file("joined.ts", &parts.concat()).unwrap());
    let jumps = done.findings(FindingClass::Jump);
    let at_six = |from_us| near(from_us, 6_000_000, 100_000);
    assert!(jumps.iter().any(|jump| jump.stream == 0 && at_six(jump.from_us)), "{jumps:?}");
    assert!(jumps.iter().all(|jump| near(jump.measure, 19_994_000_000, 200_000)), "{jumps:?}");
    assert!(near(done.report().duration_us.unwrap(), 12_000_000, 200_000), "{:?}", done.report());
    assert_eq!(done.findings(FindingClass::Gap), []);
}

#[test]
fn parts_recorded_twice_overlap() {
    let studio = Studio::new().unwrap();
    studio.ffmpeg(&film(10, 25, &format!("{H264_REORDERED} whole.ts"))).unwrap();
    studio.ffmpeg("-i whole.ts -t 6 -c copy -copyts -muxdelay 0 first.ts").unwrap();
    studio.ffmpeg("-ss 4 -i whole.ts -c copy -copyts -muxdelay 0 second.ts").unwrap();
    let parts = ["first.ts", "second.ts"].map(|name| std::fs::read(studio.path(name)).unwrap());
    let done = probe(&studio.file("twice.ts", &parts.concat()).unwrap());
    let overlaps = done.findings(FindingClass::Overlap);
    let twice = overlaps.iter().find(|overlap| overlap.stream == 0).expect("an overlap");
    assert!(near(twice.measure, 2_000_000, 1_500_000), "{twice:?}");
    assert!(near(done.report().duration_us.unwrap(), 10_000_000, 200_000));
}

#[test]
fn memory_does_not_grow_with_the_recording() {
    let studio = Studio::new().unwrap();
    let peak = |file: &Path| {
        let mut worker = Worker::start(&[]).unwrap();
        let products = [Product::Sheet, Product::Waveform, Product::Proxy];
        for (task, products) in [(Task::Probe, &[][..]), (Task::Preview, &products)] {
            worker.carry_out(&order(task, file, products).unwrap(), file).unwrap();
        }
        hostile::peak_memory(worker.id())
    };
    let camera = |seconds| film(seconds, 25, "-c:v mjpeg -q:v 12 -c:a pcm_s16le");
    let short = studio.ffmpeg(&format!("{} short.avi", camera(10))).unwrap();
    let long = studio.ffmpeg(&format!("{} long.avi", camera(200))).unwrap();
    let (short, long) = (peak(&short), peak(&long));
    assert!(long < short + (24 << 10), "{short} KiB, then {long} KiB");
}

#[test]
fn a_varying_frame_rate_is_told_and_is_no_gap() {
    let studio = Studio::new().unwrap();
    let words = "-f lavfi -i testsrc2=size=320x240:rate=30 -t 20 -vf \
        select='lt(mod(n\\,30)\\,12)+not(mod(n\\,7))' -fps_mode vfr -c:v libx264 -preset veryfast \
        -pix_fmt yuv420p phone.mp4";
    let done = probe(&studio.ffmpeg(words).unwrap());
    assert!(done.report().streams[0].frame_rate_varies, "{:?}", done.report());
    assert_eq!(done.findings(FindingClass::Gap), []);
}

#[test]
fn a_phone_video_held_upright_says_how_to_turn_it() {
    let studio = Studio::new().unwrap();
    let corner = "-f lavfi -i color=black:s=320x240,drawbox=0:0:80:60:white:fill -t 1 -pix_fmt \
        yuv420p -c:v libx264 flat.mp4";
    studio.ffmpeg(corner).unwrap();
    for rotate in ["0", "90", "180", "270"] {
        let words = format!("-i flat.mp4 -c copy -metadata:s:v:0 rotate={rotate} held{rotate}.mp4");
        let done = probe(&studio.ffmpeg(&words).unwrap());
        // The bright corner tells how far the player turns it: clockwise, from the upper left.
        let words = format!(
            "-i held{rotate}.mp4 -frames:v 1 -vf scale=2:2:flags=area -pix_fmt gray -f rawvideo shown"
        );
        let shown = std::fs::read(studio.ffmpeg(&words).unwrap()).unwrap();
        let brightest = (0..4).max_by_key(|place| shown[*place]).unwrap();
        let turned = [0, 90, 270, 180][brightest];
        assert_eq!(done.report().streams[0].rotation, turned, "{rotate}");
    }
}

#[test]
fn a_photo_tells_its_camera_time_and_place() {
    let studio = Studio::new().unwrap();
    studio.ffmpeg("-f lavfi -i testsrc2=size=960x540 -frames:v 1 -q:v 2 photo.jpg").unwrap();
    let tags = [
        "-q",
        "-overwrite_original",
        "-Make=Canon",
        "-Model=Canon EOS R50",
        "-SerialNumber=A1B2",
        "-DateTimeOriginal=2026:10:12 09:16:12",
        "-OffsetTimeOriginal=+08:00",
        "-GPSLatitude=43.8868",
        "-GPSLatitudeRef=N",
        "-GPSLongitude=125.3245",
        "-GPSLongitudeRef=W",
        "-GPSDateStamp=2026:10:12",
        "-GPSTimeStamp=01:16:12",
        "-Orientation#=6",
        "photo.jpg",
    ];
    studio.run("exiftool", &tags).unwrap();
    let done = probe(&studio.path("photo.jpg"));
    let report = done.report();
    let exif = report.exif.as_ref().expect("EXIF");
    assert_eq!((&*exif.device, &*exif.serial), ("Canon EOS R50", "A1B2"));
    assert_eq!((&*exif.taken, &*exif.offset), ("2026:10:12 09:16:12", "+08:00"));
    assert_eq!(exif.gps_time, "2026:10:12 01:16:12");
    assert!(near(exif.latitude_e6.unwrap(), 43_886_800, 2), "{exif:?}");
    assert!(near(exif.longitude_e6.unwrap(), -125_324_500, 2), "{exif:?}");
    let picture = &report.streams[0];
    assert_eq!((picture.width, picture.height, picture.rotation), (960, 540, 90));
    assert_eq!((&*report.container, report.plays_in_browser), ("jpeg_pipe", true));
    assert_eq!(report.findings_total, 0);
}

#[test]
fn pictures_of_every_kind_are_measured_and_a_cut_one_is_told() {
    let studio = Studio::new().unwrap();
    for name in ["shot.png", "shot.bmp", "shot.gif", "shot.webp", "shot.tiff", "shot.jpg"] {
        let words = format!("-f lavfi -i testsrc2=size=322x242 -frames:v 1 {name}");
        let file = studio.ffmpeg(&words).unwrap();
        let done = probe(&file);
        let picture = &done.report().streams[0];
        assert_eq!((picture.medium, picture.width, picture.height), (Medium::Picture, 322, 242));
        assert_eq!(done.report().findings_total, 0, "{name}");
        if matches!(name, "shot.png" | "shot.jpg") {
            let bytes = std::fs::read(&file).unwrap();
            let cut = studio.file(&format!("cut-{name}"), &bytes[..bytes.len() / 2]).unwrap();
            assert_eq!(probe(&cut).findings(FindingClass::Truncated).len(), 1, "{name}");
        }
    }
}

#[test]
fn files_that_end_too_early_are_told_or_declined() {
    let studio = Studio::new().unwrap();
    let file = studio.ffmpeg(&film(10, 25, &format!("{H264} film.mp4"))).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let cut = studio.file("cut.mp4", &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(probe(&cut).declined().reason, "index-missing");
    let front = studio.ffmpeg("-i film.mp4 -c copy -movflags +faststart front.mp4").unwrap();
    let bytes = std::fs::read(front).unwrap();
    let cut = studio.file("cut-front.mp4", &bytes[..bytes.len() / 2]).unwrap();
    let done = probe(&cut);
    let [missing] = done.findings(FindingClass::Truncated)[..] else { panic!("{done:?}") };
    assert!((3_000_000..7_000_000).contains(&missing.measure), "{missing:?}");
    let empty = studio.file("empty.mp4", b"").unwrap();
    assert_eq!(probe(&empty).declined().reason, "empty");
    let noise: Vec<u8> =
        (0..9_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let noise = studio.file("noise.bin", &noise).unwrap();
    assert_eq!(probe(&noise).declined().reason, "unknown-format");
}

#[test]
fn one_worker_takes_order_after_order() {
    let studio = Studio::new().unwrap();
    let film = studio.ffmpeg(&film(2, 25, &format!("{H264} film.mp4"))).unwrap();
    let empty = studio.file("empty", b"").unwrap();
    let mut worker = Worker::start(&[]).unwrap();
    for _ in 0..3 {
        let done = worker.carry_out(&order(Task::Probe, &film, &[]).unwrap(), &film).unwrap();
        assert_eq!(done.report().streams_total, 2);
        let done = worker.carry_out(&order(Task::Probe, &empty, &[]).unwrap(), &empty).unwrap();
        assert_eq!(done.declined().reason, "empty");
    }
}
