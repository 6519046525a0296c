// Name, unit and time over what is played, and on paper: who let it out is seen on it.
import { type ReactNode, useEffect, useRef } from 'react';

/** The cover alone. Set through the style object, which the page's policy allows, never through an attribute. */
export function Cover({ lines, dark }: { lines: string[]; dark?: boolean }) {
  const cover = useRef<HTMLDivElement>(null);
  const text = lines.join('\n');
  useEffect(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 360;
    canvas.height = 190;
    const pen = canvas.getContext('2d');
    if (!pen || !cover.current) return;
    pen.translate(180, 95);
    pen.rotate(-0.36);
    pen.font = '15px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
    pen.textAlign = 'center';
    pen.lineWidth = 2;
    text.split('\n').forEach((line, index) => {
      pen.strokeStyle = dark ? 'rgba(255, 255, 255, 0)' : 'rgba(0, 0, 0, 0.28)';
      pen.strokeText(line, 0, index * 22 - 11);
      pen.fillStyle = dark ? 'rgba(0, 0, 0, 0.16)' : 'rgba(255, 255, 255, 0.5)';
      pen.fillText(line, 0, index * 22 - 11);
    });
    cover.current.style.backgroundImage = `url(${canvas.toDataURL()})`;
  }, [text, dark]);
  return <div ref={cover} className={dark ? 'mark-cover on-paper' : 'mark-cover'} aria-hidden="true" />;
}

export function Watermark({ lines, children }: { lines: string[]; children: ReactNode }) {
  return <div className="marked">{children}<Cover lines={lines} /></div>;
}
