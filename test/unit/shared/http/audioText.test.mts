import { audioAt } from '../../../../nodes/shared/http/audioText';

const WAV = Buffer.from('RIFF....WAVEfmt '.padEnd(90, '.'));
const ADDRESS = 'https://cdn.example.com/a.wav';

test('addresses go before audio as text', () => {
	expect(audioAt([WAV.toString('base64'), ADDRESS])).toEqual({ urls: [ADDRESS] });
});

test.each([
	['base64', WAV.toString('base64')],
	['hex', WAV.toString('hex')],
	['hex with 0x', `0x${WAV.toString('hex')}`],
	['a data URL', `data:application/octet-stream;base64,${WAV.toString('base64')}`],
])('%s is read', (_what, text) => {
	expect(audioAt([text])).toMatchObject({ body: { format: { name: 'wav' }, bytes: WAV } });
});

test.each(['', 'soon', '/a.wav', 'file:///a.wav', 'javascript:alert(1)', 'A'.repeat(1_000)])(
	'%j leads nowhere',
	(text) => {
		expect(audioAt([text])).toEqual({ urls: [] });
	},
);
