// The text of a recording in step with its sound. It follows what is played until the reader scrolls
// by himself, and again when he asks for that.
import { Button, Tag } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cue } from '../api/types';
import { clock } from './format';

/** A scrolling of this page's own is over by then. */
const OWN_MS = 300;

export function Cues({ cues, at, seek }: { cues: Cue[]; at: number; seek: (ms: number) => void }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const moved = useRef(0);
  const [follows, setFollows] = useState(true);
  // Between two cues nothing is said; the one before stays in sight.
  const begun = cues.findLastIndex((cue) => at >= cue.from_ms);
  const now = begun >= 0 && at < (cues[begun]?.to_ms ?? 0) ? begun : -1;
  useEffect(() => {
    const row = begun < 0 ? null : (list.current?.children[begun] as HTMLElement | undefined);
    if (!follows || !row || !list.current) return;
    moved.current = Date.now();
    list.current.scrollTop = row.offsetTop - list.current.clientHeight / 3;
  }, [begun, follows]);
  const scrolled = () => {
    if (Date.now() - moved.current > OWN_MS) setFollows(false);
  };
  return (
    <>
      <div className="cues" ref={list} onScroll={scrolled} role="region" tabIndex={0} aria-label={t('transcript')}>
        {cues.map((cue, index) => (
          <button type="button" key={index} className={index === now ? 'cue now' : 'cue'} aria-current={index === now || undefined}
            onClick={() => { setFollows(true); seek(cue.from_ms); }}>
            <span className="at">{clock(cue.from_ms)}</span>
            <span>{cue.speaker && <strong>{cue.speaker}：</strong>}{cue.text}{cue.origin === 'machine' && <Tag style={{ marginInlineStart: 8 }}>{t('origin.machine')}</Tag>}</span>
          </button>
        ))}
      </div>
      {!follows && <Button size="small" style={{ marginTop: 8 }} onClick={() => setFollows(true)}>{t('transcript.follow')}</Button>}
    </>
  );
}
