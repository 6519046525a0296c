// What a form lacks, told together at its head with the focus on it; each line leads to its field.
import type { FormInstance } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Failed { errorFields: { name: (string | number)[]; errors: string[] }[] }
interface Failing { name: (string | number)[]; label: string; text: string }

export function useFailings(form: Pick<FormInstance, 'scrollToField'>) {
  const { t } = useTranslation();
  const [failings, setFailings] = useState<Failing[]>([]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [failings]);
  const failed = ({ errorFields }: Failed) => setFailings(errorFields.filter((one) => one.errors.length > 0).map((one) => ({
    name: one.name,
    label: document.querySelector(`label[for="${one.name.join('_')}"]`)?.textContent ?? '',
    text: one.errors[0] ?? '',
  })));
  const summary = failings.length > 0 && (
    <div ref={box} tabIndex={-1} role="alert" className="failings">
      <strong>{t('form.lacks', { count: failings.length })}</strong>
      <ul>
        {failings.map((one) => (
          <li key={one.name.join('_')}>
            <a href={`#${one.name.join('_')}`} onClick={(event) => { event.preventDefault(); form.scrollToField(one.name, { block: 'center', focus: true }); }}>{one.label}：{one.text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
  return { summary, failed, clear: () => setFailings([]) };
}
