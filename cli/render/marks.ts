/** What stands for a secret value in whatever is shown. */
export const secretMark = "[secret]";
