using MdmOrleans.Core;

namespace MdmOrleans.Storage.Twins;

/// <summary>Other times for a twin, if what is stored is <paramref name="Before"/>.</summary>
internal readonly record struct Postponement(Device Before, Device After);
