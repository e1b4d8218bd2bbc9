/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit.js - what charts are drawn with, loaded when the first is seen. Where the page
 * was built without it, build.sh makes this null.
 */
export const kit = () => import('./echarts.js');
