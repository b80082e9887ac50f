/** Whether a page's texts can be told from what they stand on (www.w3.org/TR/WCAG22, 1.4.3: 4.5 to 1). */
import type { Page } from "playwright-core";

/** Texts with too little contrast, each with its ratio. A hidden one is not looked at. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const parts = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([red, green, blue]) => [red, green, blue].map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const ground = (element) => {
      for (let one = element; one !== null; one = one.parentElement) {
        const colour = parts(getComputedStyle(one).backgroundColor);
        if (colour[3] > 250) return colour;
      }
      return [255, 255, 255, 255];
    };
    const found = new Set();
    for (const element of document.body.querySelectorAll("*")) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
      if (!own || element.closest("svg, script, style, .sr, .skip") !== null || !element.checkVisibility()) continue;
      const [light, dark] = [luminance(parts(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5) found.add(element.tagName + "." + element.className + " " + element.textContent.trim().slice(0, 30) + ": " + ratio.toFixed(2));
    }
    return [...found];
  })()`);
}
