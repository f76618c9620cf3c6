// Draws the charts that pretadepenser/core/charts.py describes: <canvas data-chart="ID"> beside a JSON script of that id.
// Colours, fonts and number formats come from the style sheet and the page's language, never from the data.

const { Chart } = window;
const charts = new Map(); // canvas -> Chart

// --- What the page says: language, colours, font -------------------------------------------------------------------

const language = document.documentElement.lang;
const formats = {
  percent: new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }),
  integer: new Intl.NumberFormat(language, { maximumFractionDigits: 0 }),
  decimal: new Intl.NumberFormat(language, { maximumFractionDigits: 2 }),
  signed: new Intl.NumberFormat(language, { maximumFractionDigits: 2, signDisplay: "exceptZero" }),
};
const pointFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
const write = (format, value) => (format === "points" ? pointFormat.format(value * 100) : formats[format].format(value));

function readAppearance() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const colour = (token) => {
    probe.style.color = `var(--${token})`;
    return style.color;
  };
  const appearance = {
    ink: colour("ink"),
    muted: colour("ink-muted"),
    line: colour("line"),
    surface: colour("surface"),
    paper: colour("paper"),
    tones: Object.fromEntries(["series", "population", "client", "lowers", "raises"].map((tone) => [tone, colour(`data-${tone}`)])),
    family: style.fontFamily,
    size: parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125,
  };
  probe.remove();
  return appearance;
}

// --- Vertical marks: the threshold is dashed, the client is a full line ------------------------------------------------

const marks = {
  id: "marks",
  afterDatasetsDraw(chart, _args, { list = [], look }) {
    const { ctx, chartArea, scales } = chart;
    ctx.save();
    ctx.font = `600 ${look?.size}px ${look?.family}`;
    const labels = [];
    let previousEnd = -Infinity;
    const marksInOrder = [...list].sort((a, b) => a.at - b.at);
    for (const [rank, mark] of marksInOrder.entries()) {
      const x = Math.min(Math.max(scales.x.getPixelForValue(mark.at), chartArea.left), chartArea.right);
      const width = ctx.measureText(mark.label).width;
      const share = marksInOrder.length === 1 ? 0.5 : rank ? 0 : 1; // the first label ends at its mark, the second begins there
      const start = Math.min(Math.max(x - width * share, chartArea.left), chartArea.right - width);
      const row = start < previousEnd + 6 ? 1 : 0; // labels that would touch are placed one above the other
      previousEnd = row ? -Infinity : start + width;
      const top = chartArea.top - (row ? 2.2 : 0.7) * look.size;
      labels.push([mark.label, start, top]);
      ctx.strokeStyle = look.ink;
      ctx.lineWidth = mark.tone === "client" ? 3 : 2;
      ctx.setLineDash(mark.tone === "client" ? [] : [6, 4]);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.bottom);
      ctx.lineTo(x, top + 4);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.lineWidth = 5;
    for (const label of labels) {
      ctx.strokeStyle = look.paper; // clears the lines behind the text
      ctx.strokeText(...label);
      ctx.fillStyle = look.ink;
      ctx.fillText(...label);
    }
    ctx.restore();
  },
};

// --- The kinds of chart -------------------------------------------------------------------------------------------------

const shapes = ["circle", "rect", "triangle", "rectRot"];
const numeric = (spec) => typeof spec.labels[0] === "number";
const wrapped = (text, length = 30) =>
  String(text).split(" ").reduce((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < length) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    return lines;
  }, []);

const kinds = {
  bar: (spec, look) => ({ type: "bar", labels: spec.labels, datasets: bars(spec, look) }),
  ranking: (spec, look) => ({ type: "bar", indexAxis: "y", labels: spec.labels.map((label) => wrapped(label)), datasets: bars(spec, look) }),
  diverging: (spec, look) => ({
    type: "bar",
    indexAxis: "y",
    labels: spec.labels.map((label) => wrapped(label)),
    datasets: bars(spec, look).map((set) => ({
      ...set,
      backgroundColor: set.data.map((value) => (value > 0 ? look.tones.raises : look.tones.lowers)),
    })),
  }),
  histogram: (spec, look) => ({
    type: "bar",
    linear: true,
    datasets: bars(spec, look).map((set) => ({
      ...set,
      data: set.data.map((y, bin) => ({ x: (spec.labels[bin] + spec.labels[bin + 1]) / 2, y })),
      barPercentage: 0.96,
      categoryPercentage: 1,
      grouped: false,
    })),
    range: [spec.labels[0], spec.labels.at(-1)],
    title: (bin) => `${write(spec.x.format, spec.labels[bin])} – ${write(spec.x.format, spec.labels[bin + 1])}`,
  }),
  line: (spec, look) => ({
    type: "line",
    linear: numeric(spec),
    labels: numeric(spec) ? undefined : spec.labels,
    datasets: spec.series.map((series, rank) => ({
      label: series.label,
      data: numeric(spec) ? series.values.map((y, index) => ({ x: spec.labels[index], y })) : series.values,
      borderColor: look.tones[series.tone],
      backgroundColor: look.tones[series.tone],
      borderDash: series.tone === "population" ? [5, 4] : [],
      borderWidth: 2,
      pointStyle: shapes[rank % shapes.length],
      pointRadius: series.values.length > 30 ? 0 : 3,
      pointHitRadius: 10,
    })),
  }),
  scatter: (spec, look) => ({
    type: "scatter",
    linear: true,
    datasets: spec.series.map((series) => ({
      label: series.label,
      data: series.points.map(([x, y]) => ({ x, y })),
      backgroundColor: look.tones[series.tone],
      borderColor: look.surface,
      borderWidth: series.tone === "client" ? 2 : 0,
      pointStyle: series.tone === "client" ? "rectRot" : series.tone === "raises" ? "triangle" : "circle",
      radius: series.tone === "client" ? 9 : 3,
      hitRadius: 6,
      order: series.tone === "client" ? 0 : 1,
    })),
  }),
};

function bars(spec, look) {
  return spec.series.map((series) => ({
    label: series.label,
    data: series.values,
    backgroundColor: look.tones[series.tone],
    borderRadius: 2,
    maxBarThickness: 28,
  }));
}

// --- Drawing ------------------------------------------------------------------------------------------------------------

function axis(spec, look, { isValue, linear, range, isRow }) {
  return {
    offset: !linear && !isValue,
    type: linear || isValue ? "linear" : "category",
    min: range?.[0],
    max: range?.[1],
    title: { display: Boolean(spec.title) && !isRow, text: spec.title, color: look.muted }, // rows name themselves
    grid: { display: isValue, color: ({ tick }) => (tick?.value === 0 ? look.muted : look.line), drawTicks: false },
    border: { display: !isValue && !isRow, color: look.muted },
    ticks: {
      color: isRow ? look.ink : look.muted,
      padding: 6,
      maxRotation: isRow ? 0 : 45,
      maxTicksLimit: isRow ? undefined : 8,
      autoSkip: !isRow,
      ...(linear || isValue ? { callback: (value) => write(spec.format, value) } : {}),
    },
  };
}

function configuration(spec, look) {
  const { type, indexAxis = "x", labels, datasets, linear = false, range, title } = kinds[spec.kind](spec, look);
  const isHorizontal = indexAxis === "y";
  const spoken = (item) => {
    const value = isHorizontal ? item.parsed.x : item.parsed.y;
    return `${item.dataset.label}: ${write((isHorizontal ? spec.x : spec.y).format, value)}`;
  };
  return {
    type,
    data: { labels, datasets },
    plugins: [marks],
    options: {
      indexAxis,
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { top: spec.markers.length * look.size * 1.6, right: 8 } },
      font: { family: look.family, size: look.size },
      scales: {
        x: axis(spec.x, look, { isValue: isHorizontal, linear, range }),
        y: axis(spec.y, look, { isValue: !isHorizontal, isRow: isHorizontal }),
      },
      plugins: {
        marks: { list: spec.markers, look },
        legend: { display: spec.series.length > 1, align: "start", position: "bottom", labels: { color: look.ink, usePointStyle: true, boxHeight: 8 } },
        tooltip: { callbacks: { label: spoken, ...(title ? { title: ([item]) => title(item.dataIndex) } : {}) } },
      },
    },
  };
}

function draw(canvas, look) {
  const spec = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  charts.get(canvas)?.destroy();
  const isRows = spec.kind === "ranking" || spec.kind === "diverging";
  if (isRows) canvas.parentElement.style.height = `${(spec.labels.length * 2.5 * spec.series.length ** 0.5 + 4.5).toFixed(1)}rem`;
  charts.set(canvas, new Chart(canvas, configuration(spec, look)));
}

function drawAll(root = document) {
  const look = readAppearance();
  Object.assign(Chart.defaults.font, { family: look.family, size: look.size });
  for (const canvas of charts.keys()) {
    if (!canvas.isConnected) {
      charts.get(canvas).destroy();
      charts.delete(canvas);
    }
  }
  for (const canvas of root.querySelectorAll("canvas[data-chart]")) draw(canvas, look);
}

await document.fonts.load('16px "Public Sans"').catch(() => []);
drawAll();
document.addEventListener("appearancechange", () => drawAll());
document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));

// Paper is light whatever the screen is.
let screenTheme;
window.addEventListener("beforeprint", () => {
  screenTheme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  drawAll();
});
window.addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = screenTheme;
  drawAll();
});
