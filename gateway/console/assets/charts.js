// Draws the charts of results with ECharts. A chart is a figure with its numbers in data-chart; the same numbers stand beside it as
// words and links. What customers and marketers wrote gets into the page as text alone: as nodes of the drawing, or textContent.
const drawn = new Map(); // by the figure's name, so that a drawing goes on where the page's part is rendered anew
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const numbers = new Intl.NumberFormat(document.documentElement.lang);

// Colours and type are the page's, in whichever theme it is: a series has the colour of its swatch in the legend.
const toneOf = (figure, tone) => getComputedStyle(figure.querySelector(`[data-tone="${tone}"]`)).backgroundColor;

const seriesOf = ({ figure, chart }) => chart.series.map(({ name, tone, stack, bars }) => ({
  name,
  type: 'bar',
  stack: stack && 'parts',
  data: bars.map((bar) => bar.n),
  barGap: '-100%',
  barWidth: chart.form === 'rows' ? 14 : '62%',
  barMaxWidth: 44,
  itemStyle: { color: toneOf(figure, tone), borderRadius: chart.form === 'rows' ? 3 : [3, 3, 0, 0] },
  emphasis: { disabled: true }, // the row or column under the pointer is shaded
}));

// Names stand above their bars where bars are rows, so that long ones have room on a phone. Below a few columns each has its name,
// in lines where it must; of many some have.
const namesOf = ({ chart, canvas }, text) => {
  const axis = { type: 'category', data: chart.labels, axisTick: { show: false }, axisLine: { show: false } };
  if (chart.form === 'rows') {
    return { ...axis, inverse: true, z: 3, axisLabel: { ...text, inside: true, margin: 0, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 13, 0], width: canvas.clientWidth - 16, overflow: 'truncate' } };
  }
  const width = (canvas.clientWidth - 40) / chart.labels.length;
  const few = chart.labels.length <= 8 && { interval: 0, overflow: 'break', width, fontSize: width < 44 ? 11 : 12 };
  return { ...axis, axisLabel: { ...text, hideOverlap: !few, ...few } };
};

const optionOf = (picture) => {
  const { figure, chart } = picture;
  const { color, fontFamily, backgroundColor, borderTopColor } = getComputedStyle(figure);
  const text = { color, fontFamily, fontSize: 12, lineHeight: 16 };
  const names = namesOf(picture, text);
  const amounts = { type: 'value', minInterval: 1, splitNumber: 3, axisLabel: { ...text, formatter: (n) => numbers.format(n) }, splitLine: { lineStyle: { color: borderTopColor } } };
  return {
    animation: !calm.matches,
    animationDuration: 300,
    animationDurationUpdate: 300,
    grid: { left: 2, right: 12, top: 8, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: chart.form === 'rows' ? amounts : names,
    yAxis: chart.form === 'rows' ? names : amounts,
    series: seriesOf(picture),
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'shadow', z: 0, shadowStyle: { color: borderTopColor, opacity: 0.35 } }, confine: true, transitionDuration: 0,
      backgroundColor, borderColor: borderTopColor, padding: [8, 12], textStyle: { ...text, color: getComputedStyle(document.body).color },
      extraCssText: 'white-space: normal; max-width: min(300px, 80vw); box-shadow: none;',
      formatter: (under) => tipOf(picture, under[0].dataIndex),
    },
  };
};

const element = (name, ...inside) => {
  const it = document.createElement(name);
  it.append(...inside);
  return it;
};

const tipOf = ({ chart, here }, at) => {
  const tip = element('div', element('b', chart.labels[at]));
  tip.className = 'tip';
  for (const [series, { name, tone, bars }] of chart.series.entries()) {
    const swatch = element('i');
    swatch.dataset.tone = tone;
    const line = element('p', swatch, `${name}: ${bars[at].says}`);
    line.toggleAttribute('data-here', here?.series === series);
    tip.append(line);
  }
  return tip;
};

const lead = ({ chart }, series, at) => window.location.assign(chart.series[series].bars[at].to);

// From bar to bar by the arrow keys, those with nobody left out; what is under the keys is said.
const steer = (picture, event) => {
  const { chart, echart, figure } = picture;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const stops = chart.labels.flatMap((_, at) => chart.series.flatMap(({ bars }, series) => (bars[at].n > 0 ? [{ series, at }] : [])));
  const now = stops.findIndex(({ series, at }) => series === picture.here?.series && at === picture.here?.at);
  if (event.key === 'Enter' && now >= 0) lead(picture, picture.here.series, picture.here.at);
  if (!step || stops.length === 0) return;
  event.preventDefault();
  const to = stops[now < 0 ? 0 : (now + step + stops.length) % stops.length];
  picture.here = to;
  const { name, bars } = chart.series[to.series];
  echart.dispatchAction({ type: 'hideTip' }); // else one of the same row or column would stay as it is
  echart.dispatchAction({ type: 'showTip', seriesIndex: to.series, dataIndex: to.at });
  figure.querySelector('[aria-live]').textContent = `${chart.labels[to.at]}, ${name}: ${bars[to.at].says}`;
};

const begin = (figure) => {
  const canvas = figure.querySelector('.canvas');
  const picture = { canvas };
  canvas.style.height = `${canvas.firstElementChild.getAttribute('height')}px`;
  canvas.replaceChildren();
  canvas.tabIndex = 0;
  picture.echart = echarts.init(canvas, null, { renderer: 'svg' });
  canvas.firstElementChild.setAttribute('aria-hidden', 'true');
  picture.echart.on('click', ({ seriesIndex, dataIndex }) => lead(picture, seriesIndex, dataIndex));
  canvas.addEventListener('keydown', (event) => steer(picture, event));
  canvas.addEventListener('blur', () => {
    picture.here = null;
    picture.echart.dispatchAction({ type: 'hideTip' });
  });
  picture.sized = new ResizeObserver(() => {
    if (picture.echart.getWidth() === canvas.clientWidth) return;
    picture.echart.resize();
    picture.echart.setOption(optionOf(picture));
  });
  picture.sized.observe(canvas);
  return picture;
};

const draw = () => {
  for (const [name, { echart, sized }] of drawn) {
    if (document.querySelector(`[data-chart][data-name="${CSS.escape(name)}"]`)) continue;
    sized.disconnect();
    echart.dispose();
    drawn.delete(name);
  }
  for (const figure of document.querySelectorAll('[data-chart]')) {
    figure.classList.add('shown');
    const name = figure.dataset.name;
    const picture = drawn.get(name) ?? begin(figure);
    drawn.set(name, picture);
    if (!figure.contains(picture.canvas)) figure.querySelector('.canvas').replaceWith(picture.canvas);
    picture.figure = figure;
    picture.chart = JSON.parse(figure.dataset.chart);
    picture.canvas.style.height = `${picture.chart.height}px`;
    picture.echart.resize();
    picture.echart.setOption(optionOf(picture));
  }
};

if (window.echarts) {
  draw();
  new MutationObserver(draw).observe(document.querySelector('.results'), { childList: true });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  document.fonts.ready.then(draw);
}
