// The sound of a take as a picture, drawn here: what is heard is what is drawn.

const drawn = new Map(); // take -> peaks
let context = null;

export async function drawWaveform(canvas, item) {
  canvas.dataset.take = item.take;
  canvas.hidden = true;
  let peaks = drawn.get(item.take);
  if (!peaks) {
    try {
      peaks = await peaksOf(item);
    } catch {
      peaks = null; // without sound there is nothing to draw
    }
    if (drawn.size > 40) drawn.delete(drawn.keys().next().value);
    drawn.set(item.take, peaks);
  }
  if (canvas.dataset.take !== String(item.take)) return;
  canvas.hidden = !peaks;
  if (!peaks) return;
  const pen = canvas.getContext("2d");
  const { width, height } = canvas;
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = "#6f747c";
  peaks.forEach((peak, place) => {
    const tall = Math.max(1, Math.sqrt(peak) * height);
    pen.fillRect((place * width) / peaks.length, (height - tall) / 2, Math.max(1, width / peaks.length - 1), tall);
  });
}

async function peaksOf(item) {
  const answer = await fetch(item.sound || item.proxy);
  if (!answer.ok) throw new Error("no sound");
  context ??= new OfflineAudioContext(1, 1, 48_000);
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  const samples = sound.getChannelData(0);
  const count = 300;
  const peaks = [];
  for (let place = 0; place < count; place++) {
    let peak = 0;
    const end = Math.floor(((place + 1) * samples.length) / count);
    for (let at = Math.floor((place * samples.length) / count); at < end; at += 8) peak = Math.max(peak, Math.abs(samples[at]));
    peaks.push(Math.min(1, peak));
  }
  if (Math.max(...peaks) < 1e-4) throw new Error("silence");
  return peaks;
}
