//! Recordings made to do harm: the worker opens nothing, connects to nothing, and goes on.

use super::{H264, film};
use std::net::TcpListener;
use std::path::Path;
use vault_media_protocol::{Product, Task};
use vault_tests::media::{Done, Studio, Worker, examine, order};

const PREVIEWS: &[Product] = &[Product::Poster, Product::Sheet, Product::Waveform, Product::Proxy];

/// System calls that reach outside the process.
pub(super) const REACHING: &[&str] = &[
    "open(",
    "openat(",
    "openat2(",
    "creat(",
    "socket(",
    "connect(",
    "bind(",
    "execve(",
    "execveat(",
    "fork(",
    "vfork(",
    "unlink(",
    "unlinkat(",
    "rename",
    "mkdir",
    "ptrace(",
    "kill(",
    "io_uring_setup(",
    "mount(",
    "memfd_create(",
];

/// Every call of a trace that reached outside and was not refused.
pub(super) fn reached(trace: &Path) -> Vec<String> {
    let refused = |line: &String| line.contains("= -1 EPERM");
    reaching(trace).into_iter().filter(|line| !refused(line)).collect()
}

/// Every call of a trace that reaches outside, made after the last wall stood.
pub(super) fn reaching(trace: &Path) -> Vec<String> {
    let trace = std::fs::read_to_string(trace).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    let sealed = lines.iter().rposition(|line| line.contains("seccomp(SECCOMP_SET_MODE_FILTER"));
    let (before, after) = lines.split_at(sealed.expect("the worker sealed itself"));
    // The control: what a program loads as it starts is seen.
    assert!(before.iter().any(|line| line.contains("open")), "the trace sees nothing");
    let call = |line: &str| {
        let words = line.trim_start_matches(|character: char| character.is_ascii_digit());
        let words = words.trim_start().trim_start_matches("<... ");
        let words = words.replace(" resumed>", "(");
        REACHING.iter().any(|name| words.starts_with(name))
    };
    after.iter().filter(|line| call(line)).map(|line| (*line).to_owned()).collect()
}

fn probe(file: &Path) -> Done {
    examine(Task::Probe, file, &[]).unwrap()
}

/// The file with bytes put in after a box's content, every box around it made longer.
fn with_external_reference(mut bytes: Vec<u8>, path: &str) -> Vec<u8> {
    let mut alias = [&[0; 10][..], &[4], &[b'v'; 27], &[0; 12], &[6], &[b'f'; 63]].concat();
    alias.extend([&[0; 16][..], &[0, 1, 0, 1], &[0; 16], &[0, 2]].concat());
    alias.extend((path.len() as u16).to_be_bytes());
    alias.extend(path.as_bytes());
    alias.resize(alias.len() + path.len() % 2, 0);
    alias.extend([0xFF, 0xFF, 0, 0]);
    let size = (alias.len() + 12) as u32;
    let reference = [&size.to_be_bytes()[..], b"alis", &[0; 4], &alias].concat();
    let dref = bytes.windows(4).position(|name| name == b"dref").unwrap() - 4;
    let (begin, old) = (dref + 16, 12);
    let growth = reference.len() - old;
    // The boxes around it, from the outside in.
    let (mut from, mut to) = (0, bytes.len());
    let mut around = Vec::new();
    while from + 8 <= to {
        let length = u32::from_be_bytes(bytes[from..from + 4].try_into().unwrap()) as usize;
        if (from..from + length).contains(&begin) {
            around.push(from);
            (to, from) = (from + length, from + 8);
        } else {
            from += length;
        }
        if around.last() == Some(&dref) {
            break;
        }
    }
    for place in around {
        let length = u32::from_be_bytes(bytes[place..place + 4].try_into().unwrap());
        bytes[place..place + 4].copy_from_slice(&(length + growth as u32).to_be_bytes());
    }
    bytes.splice(begin..begin + old, reference);
    bytes
}

#[test]
fn references_to_other_files_and_hosts_are_refused_and_nothing_is_opened() {
    let studio = Studio::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let secret = studio.ffmpeg(&film(2, 25, &format!("{H264} secret.ts"))).unwrap();
    let secret = secret.display();
    let lists = [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n"),
        format!("#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n"),
        format!("\u{feff}#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n"),
        format!("ffconcat version 1.0\nfile '{secret}'\n"),
        format!(
            "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" \
             profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\" type=\"static\"><Period>\
             <BaseURL>http://127.0.0.1:{port}/</BaseURL></Period></MPD>\n"
        ),
        format!("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nm=video {port} RTP/AVP 96\r\n"),
    ];
    let trace = studio.path("trace");
    let mut worker = Worker::start_traced(&trace).unwrap();
    for (number, list) in lists.iter().enumerate() {
        let file = studio.file(&format!("list{number}.mp4"), list.as_bytes()).unwrap();
        for task in [Task::Probe, Task::Preview, Task::Speech] {
            let products = if task == Task::Preview { PREVIEWS } else { &[] };
            let done = worker.carry_out(&order(task, &file, products).unwrap(), &file).unwrap();
            assert_eq!(done.declined().reason, "format-refused", "{list}");
        }
    }
    // A film is examined by the same worker: pictures, sound, threads, encoders.
    let film = studio.ffmpeg(&film(3, 25, "-c:v mjpeg -c:a pcm_s16le camera.avi")).unwrap();
    for (task, products) in
        [(Task::Probe, &[][..]), (Task::Preview, PREVIEWS), (Task::Speech, &[Product::Speech])]
    {
        let done = worker.carry_out(&order(task, &film, products).unwrap(), &film).unwrap();
        assert_eq!(done.products.len(), products.len());
    }
    worker.close().unwrap();
    assert_eq!(reaching(&trace), Vec::<String>::new());
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody called");
}

#[test]
fn the_trace_shows_a_call_that_reaches_outside() {
    // The control of the test above: the same reading of a trace, and a program that does open.
    let studio = Studio::new().unwrap();
    let control = "1 openat(AT_FDCWD, \"libc\") = 3\n1 seccomp(SECCOMP_SET_MODE_FILTER, 0, 0) = 0\n1 read(3, 0) = 1\n\
        12 openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY) = -1 EPERM\n12 socket(AF_INET) = 3\n\
        12 <... connect resumed>) = 0\n";
    let trace = studio.file("trace", control.as_bytes()).unwrap();
    assert_eq!((reaching(&trace).len(), reached(&trace).len()), (3, 2));
}

#[test]
fn a_reference_inside_an_mp4_to_another_file_is_not_followed() {
    let studio = Studio::new().unwrap();
    let film = studio.ffmpeg(&film(2, 25, &format!("{H264} film.mp4"))).unwrap();
    let secret = studio.file("secret.mp4", &std::fs::read(&film).unwrap()).unwrap();
    let tricked = with_external_reference(std::fs::read(&film).unwrap(), secret.to_str().unwrap());
    let tricked = studio.file("tricked.mp4", &tricked).unwrap();
    // FFmpeg itself sees the reference: the file is what it is meant to be.
    let words = ["-v", "verbose", "-i", "tricked.mp4", "-f", "null", "-"];
    let said = std::process::Command::new("ffmpeg")
        .args(words)
        .current_dir(studio.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("Skipped opening external track"), "{said}");
    let trace = studio.path("trace");
    let mut worker = Worker::start_traced(&trace).unwrap();
    for (task, products) in [(Task::Probe, &[][..]), (Task::Preview, PREVIEWS)] {
        worker.carry_out(&order(task, &tricked, products).unwrap(), &tricked).unwrap();
    }
    worker.close().unwrap();
    assert_eq!(reaching(&trace), Vec::<String>::new());
}

/// A chunk of a PNG.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut remainder = u32::MAX;
    for byte in name.iter().chain(content) {
        remainder ^= u32::from(*byte);
        for _ in 0..8 {
            let carried = remainder & 1 == 1;
            remainder = remainder >> 1 ^ if carried { 0xEDB8_8320 } else { 0 };
        }
    }
    let length = (content.len() as u32).to_be_bytes();
    [&length[..], name, content, &(!remainder).to_be_bytes()].concat()
}

#[test]
fn pictures_that_claim_a_huge_size_take_no_memory() {
    let studio = Studio::new().unwrap();
    let side = 60_000_u32.to_be_bytes();
    let head = [&side[..], &side, &[8, 2, 0, 0, 0]].concat();
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"IEND", &[])].concat();
    let png = studio.file("huge.png", &png).unwrap();
    let jpeg = studio.ffmpeg("-f lavfi -i testsrc2=size=320x240 -frames:v 1 photo.jpg").unwrap();
    let mut jpeg = std::fs::read(jpeg).unwrap();
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    let jpeg = studio.file("huge.jpg", &jpeg).unwrap();
    let mut worker = Worker::start(&[]).unwrap();
    for file in [&png, &jpeg] {
        for (task, products) in [(Task::Probe, &[][..]), (Task::Preview, PREVIEWS)] {
            let done = worker.carry_out(&order(task, file, products).unwrap(), file).unwrap();
            assert_eq!(done.declined().reason, "too-large", "{task:?} {}", file.display());
            let peak = peak_memory(worker.id());
            assert!(peak < 400 << 10, "{peak} KiB for {}", file.display());
        }
    }
}

/// The most memory a process ever held, in KiB.
pub(super) fn peak_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn frames_that_claim_a_huge_size_inside_a_film_end_the_order_not_the_worker() {
    let studio = Studio::new().unwrap();
    let avi = studio.ffmpeg(&film(2, 25, "-c:v mjpeg -c:a pcm_s16le camera.avi")).unwrap();
    let mut bytes = std::fs::read(avi).unwrap();
    let frames: Vec<usize> = (0..bytes.len() - 9)
        .filter(|place| bytes[*place..].starts_with(&[0xFF, 0xC0, 0, 17, 8]))
        .collect();
    assert!(frames.len() > 40);
    for frame in frames {
        bytes[frame + 5..frame + 9].copy_from_slice(&[0x7F, 0x00, 0x7F, 0x00]);
    }
    let file = studio.file("huge.avi", &bytes).unwrap();
    let mut worker = Worker::start(&[]).unwrap();
    for (task, products) in [(Task::Probe, &[][..]), (Task::Preview, PREVIEWS)] {
        worker.carry_out(&order(task, &file, products).unwrap(), &file).unwrap();
    }
    let peak = peak_memory(worker.id());
    assert!(peak < 3 << 20, "{peak} KiB");
}

#[test]
fn a_picture_that_is_small_as_a_file_and_large_in_memory_is_shown_or_declined() {
    let studio = Studio::new().unwrap();
    let words = "-f lavfi -i color=gray:s=9000x9000 -frames:v 1 -pix_fmt rgb24 bomb.png";
    let file = studio.ffmpeg(words).unwrap();
    assert!(file.metadata().unwrap().len() < 2 << 20);
    let mut worker = Worker::start(&[]).unwrap();
    let done = worker.carry_out(&order(Task::Preview, &file, PREVIEWS).unwrap(), &file).unwrap();
    assert!(done.product(Product::Poster).len() < 1 << 20);
    let peak = peak_memory(worker.id());
    assert!(peak < 2 << 20, "{peak} KiB");
}

/// An element of Matroska.
fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64 | 1 << 56).to_be_bytes();
    [id, &length, content].concat()
}

#[test]
fn a_container_of_ten_thousand_streams_is_declined() {
    let studio = Studio::new().unwrap();
    let head = [element(&[0x42, 0x82], b"matroska"), element(&[0x42, 0x87], &[4])].concat();
    let mut tracks = Vec::new();
    for number in 1..=10_000_u16 {
        let number = number.to_be_bytes();
        let track = [
            element(&[0xD7], &number),
            element(&[0x73, 0xC5], &number),
            element(&[0x83], &[2]),
            element(&[0x86], b"A_PCM/INT/LIT"),
        ];
        tracks.extend(element(&[0xAE], &track.concat()));
    }
    let block = element(&[0xA3], &[0x81, 0, 0, 0x80, 1, 2, 3, 4]);
    let cluster = [element(&[0xE7], &[0]), block].concat();
    let segment =
        [element(&[0x16, 0x54, 0xAE, 0x6B], &tracks), element(&[0x1F, 0x43, 0xB6, 0x75], &cluster)]
            .concat();
    let header = element(&[0x1A, 0x45, 0xDF, 0xA3], &head);
    let whole = [header, element(&[0x18, 0x53, 0x80, 0x67], &segment)].concat();
    let done = probe(&studio.file("many.mkv", &whole).unwrap());
    assert_eq!(done.declined().reason, "too-large");
}

#[test]
fn bytes_that_never_come_are_no_end_of_the_recording() {
    let studio = Studio::new().unwrap();
    for coding in ["film.ts", "film.mkv", "film.mp4"] {
        let file = studio.ffmpeg(&film(4, 25, &format!("{H264} {coding}"))).unwrap();
        let mut worker = Worker::start(&[]).unwrap();
        for (task, products) in [(Task::Probe, &[][..]), (Task::Preview, PREVIEWS)] {
            let mut longer = order(task, &file, products).unwrap();
            longer.bytes += 3 << 20;
            let done = worker.carry_out(&longer, &file).unwrap();
            assert_eq!(done.declined().reason, "read-failed", "{task:?} {coding}");
        }
        let whole = order(Task::Probe, &file, &[]).unwrap();
        assert_eq!(worker.carry_out(&whole, &file).unwrap().report().streams_total, 2);
    }
}
