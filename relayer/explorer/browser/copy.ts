// Copies a value as a whole, and says so where the button was.

const SAID_MS = 1_500;

export async function copy(button: HTMLElement, announce: (text: string) => void): Promise<void> {
  const value = button.dataset["copy"] ?? "";
  const copied = await navigator.clipboard.writeText(value).then(
    () => true,
    () => false,
  );
  announce(copied ? "Copied." : "This browser does not allow copying.");
  button.dataset["copied"] = String(copied);
  setTimeout(() => delete button.dataset["copied"], SAID_MS);
}
