// What charts.js has of ECharts: bars in SVG, their axes, and what is shown where the pointer rests. deploy/assets.sh makes
// vendor/echarts.js of it.
import { BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GridComponent, TooltipComponent, SVGRenderer]);
export { init };
