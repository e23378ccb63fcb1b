using System.Text;

namespace MdmOrleans.Agent.Linux.Commands;

/// <summary>The last characters of a stream of any length.</summary>
internal sealed class Tail(int longest)
{
    private readonly StringBuilder _text = new();

    /// <summary>Nothing was left out.</summary>
    public bool IsWhole { get; private set; } = true;

    public string Text => _text.ToString();

    public async Task FillAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        try
        {
            while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                _text.Append(buffer, 0, read);
                if (_text.Length > longest)
                {
                    _text.Remove(0, _text.Length - longest);
                    IsWhole = false;
                }
            }
        }
        catch (OperationCanceledException)
        {
            IsWhole = false; // somebody still holds the other end
        }
    }
}
