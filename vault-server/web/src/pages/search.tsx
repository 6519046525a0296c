// Search in labels, texts and marks; a hit leads to its second.
import { Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePaged } from '../api/hooks';
import type { Hit } from '../api/types';
import { clock } from '../parts/format';
import { RecordingLink } from '../parts/small';
import { Head, More, Shown } from '../parts/states';

export function Search() {
  const { t } = useTranslation();
  const [asked, setAsked] = useSearchParams();
  const question = asked.get('q') ?? '';
  const query = usePaged<Hit>(['search', question], `/search?q=${encodeURIComponent(question)}&limit=50`, question !== '');
  return (
    <div className="page">
      <Head title={t('nav.search')} sub={t('search.sub')} article="A3.14" table={question && query.items.length > 0 ? `/search?q=${encodeURIComponent(question)}` : undefined} />
      <Input.Search key={question} defaultValue={question} size="large" enterButton={t('search')} placeholder={t('search.words')} aria-label={t('search.words')}
        onSearch={(text) => setAsked(text.trim() ? { q: text.trim() } : {})} style={{ maxWidth: 620, marginBottom: 20 }} />
      {question && (
        <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0} nothing={t('search.none')}>
          <div className="stack" style={{ gap: 0 }}>
            {query.items.map((hit, index) => (
              <div key={index} style={{ padding: '12px 0', borderBottom: '1px solid #e3e6ec' }}>
                <div>
                  <RecordingLink id={hit.recording} name={hit.name} ms={hit.from_ms} /> <Tag>{t(`source.${hit.source}`, { defaultValue: hit.source })}</Tag>
                  {hit.source !== 'label' && <span className="quiet">{clock(hit.from_ms)}</span>} <span className="quiet">{hit.case}</span>
                </div>
                <div>{hit.text}</div>
              </div>
            ))}
          </div>
          <More query={query} />
        </Shown>
      )}
    </div>
  );
}
