using System.Globalization;
using MdmOrleans.Api.Requests;

namespace MdmOrleans.Api.Bodies;

/// <summary>Where a reader stands in a body. The JSON Pointer is rendered only for an error.</summary>
/// <remarks>A pointer for every value is as long as all names around it together: 1 MB of body made hundreds of gigabytes of pointers.</remarks>
internal sealed class PointerStack(int depth)
{
    private readonly (string? Name, int Index)[] _steps = new (string?, int)[depth];
    private int _count;

    public void Enter(string name) => _steps[_count++] = (name, 0);

    public void Enter(int index) => _steps[_count++] = (null, index);

    public void Leave() => _count--;

    public override string ToString()
    {
        var pointer = "";
        foreach (var (name, index) in _steps.AsSpan(0, _count))
        {
            pointer = JsonPointer.Below(pointer, name ?? index.ToString(CultureInfo.InvariantCulture));
        }

        return pointer;
    }
}
