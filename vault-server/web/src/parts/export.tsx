// A list as a spreadsheet: the same rows under the same right, made by the service.
import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Problem, raw } from '../api/client';
import { count } from './format';

/** The name that the service gave the file. */
function nameOf(response: Response): string {
  return /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'table.xlsx';
}

/** Hands the browser a file to keep. */
async function keep(response: Response): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = nameOf(response);
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
}

/** The button beside a table; `path` is that of its list, with what it was asked for. */
export function Export({ path, small }: { path: string; small?: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const made = useMutation({
    mutationFn: async () => {
      const response = await raw(`/api/v1${path}${path.includes('?') ? '&' : '?'}format=xlsx`);
      await keep(response);
      return response.headers.get('x-rows-cut');
    },
    onSuccess: (cut) => {
      if (cut) message.warning(t('export.cut', { rows: count(Number(cut)) }), 10);
    },
    onError: (error) => message.error(error instanceof Problem && error.detail ? error.detail : t('unreachable')),
  });
  return (
    <Button size={small ? 'small' : undefined} icon={<DownloadOutlined />} loading={made.isPending} onClick={() => made.mutate()}>
      {t('export.xlsx')}
    </Button>
  );
}
