/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chart.js - a chart over time: bars and lines by ECharts on a canvas, in the page's
 * own colours and type, redrawn when its room or the theme changes. Without the kit
 * there is the table.
 */
import { h, isCalm, put } from './dom.js';
import { day, month, num, range, shortDay } from './format.js';
import { kit } from './kit.js';
import { onTheme } from './theme.js';
import { plainTable } from './table.js';
import { t } from './texts.js';

export const hasCharts = kit !== null;

let probe = null;

/** A colour of the stylesheet, as canvases want it. */
export function colour(name) {
	probe = probe || document.body.appendChild(h('i', { hidden: true }));
	probe.style.color = `var(--${name})`;
	return getComputedStyle(probe).color;
}

/** What a bucket is called: beside the axis, and in full. */
export function bucketLabel(from, interval) {
	return interval === 'month' ? month(from) : shortDay(from);
}

export function bucketName(buckets, i, asked) {
	const from = buckets[i];
	if (asked.interval === 'day') return day(from);
	const end = new Date((i + 1 < buckets.length ? Date.parse(buckets[i + 1]) :
	    Date.parse(asked.to)) - 1000);
	return range(from, end);
}

/** Axes, grid and tooltip that all charts share. values: formats a value. */
export function frame(buckets, asked, values = num, right = null) {
	const soft = colour('soft'), line = colour('line');
	const type = { color: soft, fontSize: fontSize() * 0.75 };
	const axis = (format, more) => ({ type: 'value', minInterval: 1, splitNumber: 4,
		axisLabel: { ...type, formatter: format },
		    splitLine: { lineStyle: { color: line } },
		...more });
	return {
		animation: !isCalm(), animationDuration: 400, animationDurationUpdate: 400,
		textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
		grid: { left: 2, right: 2, top: 12, bottom: 6,
			outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		xAxis: { type: 'category', data: buckets.map((b) => bucketLabel(b, asked.interval)),
			axisLabel: { ...type, hideOverlap: true, interval: 'auto' },
			axisTick: { show: false }, axisLine: { lineStyle: { color: line } } },
		yAxis: right ? [axis(values), axis(right, { splitLine: { show: false } })] :
		    axis(values),
		tooltip: { trigger: 'axis', renderMode: 'richText', confine: true,
			backgroundColor: colour('card'), borderColor: colour('line'),
			textStyle: { color: colour('ink'), fontSize: fontSize() * 0.8 },
			axisPointer: { type: 'shadow', shadowStyle: { color: colour('hover') } },
			formatter: (items) => tip(items, buckets, asked, values) },
	};
}

const fontSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

function tip(items, buckets, asked, values) {
	const lines = items.filter((x) => x.value !== null && x.value !== undefined &&
	    !Number.isNaN(x.value)).map((x) =>
	    `${x.marker} ${x.seriesName}  ${values(x.value)}`);
	return [bucketName(buckets, items[0].dataIndex, asked), ...lines].join('\n');
}

export const bars = (label, data, tone, more) => ({ type: 'bar', name: label, data,
	itemStyle: { color: colour(tone) }, barMaxWidth: 36, barCategoryGap: '22%',
	emphasis: { disabled: true }, ...more });

export const lines = (label, data, tone, more) => ({ type: 'line', name: label, data,
	symbol: 'circle', symbolSize: 5, showSymbol: data.length < 40, connectNulls: false,
	color: colour(tone), lineStyle: { width: 2, color: colour(tone), ...(more || {}).line },
	itemStyle: { color: colour(tone) }, emphasis: { disabled: true }, z: 5, ...more });

/** A legend in words and marks; marks are as in the chart: box, line, dashes. */
export const legend = (items) => h('ul', { class: 'legend' }, items.map(([tone, shape, text]) =>
    h('li', null, h('span', { class: `swatch ${shape} c-${tone}`, 'aria-hidden': 'true' }), text)));

/**
 * A canvas that lives as long as its panel.
 * @param {HTMLElement} view
 * @param {{label: string, option: function, table: function}} spec option(answer)
 */
export function chart(view, spec) {
	const el = h('div', { class: 'chart', role: 'img', 'aria-label': spec.label });
	view.append(el);
	if (!hasCharts) return withoutKit(el, spec);
	let it = null, answer = null, gone = false;
	const draw = () => {
		if (!it || !answer || gone) return;
		it.setOption(spec.option(answer), { notMerge: true });
		if (spec.drawn) spec.drawn(it, answer);
	};
	const eye = new ResizeObserver(() => {
		if (!it || !el.clientWidth) return;
		it.resize();
		if (spec.drawn && answer) spec.drawn(it, answer);
	});
	const forget = onTheme(draw);
	kit().then(({ init }) => {
		if (gone) return;
		it = init(el, null, { renderer: 'canvas' });
		eye.observe(el);
		draw();
	}).catch(() => {
		if (!gone) withoutKit(el, spec).update(answer);
	});
	return {
		el,
		get canvas() { return it; },
		update(next) {
			answer = next;
			draw();
		},
		destroy() {
			gone = true;
			forget();
			eye.disconnect();
			if (it) it.dispose();
		},
	};
}

/** The numbers themselves. */
function withoutKit(el, spec) {
	el.removeAttribute('role');
	el.removeAttribute('aria-label');
	el.className = 'no-chart';
	return { el, canvas: null, destroy() {}, update(answer) {
		if (!answer) return;
		const { head, rows } = spec.table(answer);
		put(el, h('p', { class: 'note' }, t('chart.none')), plainTable(spec.label, head,
		    rows));
	} };
}
